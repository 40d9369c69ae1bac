// Package plugin runs code generators that are no part of covetsql: a program, or a WebAssembly
// module that is given nothing but its input. They are called as sqlc 1.31 calls them. It does
// not know what is in a request, nor where files go.
package plugin

import (
	"context"
	"os"
	"strings"
	"sync"

	"google.golang.org/protobuf/proto"

	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/plugin/protocol"
)

// Runner runs plugins. The zero value is ready; it is safe for concurrent use, and a module is
// compiled once however often it runs. Close frees the modules.
type Runner struct {
	// Cache is the folder for what was fetched and compiled, "off" keeps nothing; "" is what
	// COVETSQL_CACHE says, else covetsql's folder in the user's cache.
	Cache string

	mu      sync.Mutex
	modules map[origin]*module
}

// Error is a plugin's failure. Text is what it wrote to its standard error, without the values of
// the environment that it was given.
type Error struct {
	Err  error
	Text string
}

func (e *Error) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Said is what the plugin wrote to its standard error.
func (e *Error) Said() string { return e.Text }

// Run sends a plugin its request and waits for the answer.
func (r *Runner) Run(ctx context.Context, p config.Plugin, q *protocol.GenerateRequest) (*protocol.GenerateResponse, error) {
	if p.Cmd != "" {
		return runProcess(ctx, p, q)
	}
	return r.runModule(ctx, p, q)
}

// variable is one that a plugin may see.
type variable struct{ name, value string }

// environment is what a plugin sees: the version of the protocol and the variables that the
// configuration lists, those that are not set as empty ones. The token of sqlc's hosted service is
// for no plugin.
func environment(names []string) []variable {
	out := []variable{{"SQLC_VERSION", protocol.Version}}
	for _, name := range names {
		if name != "SQLC_AUTH_TOKEN" {
			out = append(out, variable{name, os.Getenv(name)})
		}
	}
	return out
}

// secret is the length from which on a value is taken for one: shorter ones are words and numbers.
const secret = 4

// said is a text for the user: what the plugin was given in its environment is named, not shown.
func said(text string, env []variable) string {
	for _, v := range env[1:] {
		if len(v.value) >= secret {
			text = strings.ReplaceAll(text, v.value, "${"+v.name+"}")
		}
	}
	return text
}

// decode reads an answer in protobuf form.
func decode(b []byte) (*protocol.GenerateResponse, error) {
	r := &protocol.GenerateResponse{}
	if err := proto.Unmarshal(b, r); err != nil {
		return nil, errNotProtobuf
	}
	return r, nil
}
