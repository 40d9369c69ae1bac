package plugin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/plugin/protocol"
)

var errNotProtobuf = errors.New("its answer is not a GenerateResponse in protobuf form")

// grace is how long a cancelled program may keep its pipes open.
const grace = 2 * time.Second

// runProcess runs a program. It is looked for as a shell would: in PATH, or from the working
// folder where its name has a slash.
func runProcess(ctx context.Context, p config.Plugin, q *protocol.GenerateRequest) (*protocol.GenerateResponse, error) {
	encode, parse := func() ([]byte, error) { return proto.Marshal(q) }, decode
	if p.Format == "json" {
		encode = func() ([]byte, error) { return protocol.JSON(q) }
		parse = func(b []byte) (*protocol.GenerateResponse, error) {
			r, err := protocol.ParseJSON(b)
			if err != nil {
				return nil, fmt.Errorf("its answer is not a GenerateResponse in JSON: %w", err)
			}
			return r, nil
		}
	}
	input, err := encode()
	if err != nil {
		return nil, fmt.Errorf("the request can not be encoded: %w", err)
	}
	path, err := exec.LookPath(p.Cmd)
	if err != nil {
		return nil, fmt.Errorf("the program %q is not there or can not be run: %w", p.Cmd, errors.Unwrap(err))
	}
	env := environment(p.Env)
	cmd := exec.CommandContext(ctx, path, protocol.Method)
	cmd.WaitDelay = grace
	cmd.Env = []string{} // not nil: that would be all of ours
	for _, v := range env {
		cmd.Env = append(cmd.Env, v.name+"="+v.value)
	}
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(input), &out, &errs
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return nil, &Error{fmt.Errorf("%s ended with: %w", p.Cmd, err), said(errs.String(), env)}
	}
	r, err := parse(out.Bytes())
	if err != nil {
		if errors.Is(err, errNotProtobuf) && bytes.HasPrefix(bytes.TrimSpace(out.Bytes()), []byte("{")) {
			err = fmt.Errorf("%w; for JSON the configuration needs `format: json`", err)
		}
		return nil, &Error{err, said(errs.String(), env)}
	}
	return r, nil
}
