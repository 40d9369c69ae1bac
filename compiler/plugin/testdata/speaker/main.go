// Command speaker is a plugin for tests: a program or, built for wasip1, a module. What it does is
// said by the option "do".
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"sort"
	"strings"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/covetsql/covetsql/compiler/plugin/protocol"
)

func main() {
	in, err := io.ReadAll(os.Stdin)
	if err != nil {
		fail(err)
	}
	q := &protocol.GenerateRequest{}
	asJSON := strings.HasPrefix(string(in), "{")
	if asJSON {
		err = protojson.Unmarshal(in, q)
	} else {
		err = proto.Unmarshal(in, q)
	}
	if err != nil {
		fail(err)
	}
	var o struct{ Do, Name string }
	if err := json.Unmarshal(q.PluginOptions, &o); err != nil {
		fail(err)
	}
	r := &protocol.GenerateResponse{}
	file := func(name, text string) {
		r.Files = append(r.Files, &protocol.File{Name: name, Contents: []byte(text)})
	}
	switch o.Do {
	case "tell":
		var b strings.Builder
		fmt.Fprintf(&b, "args %q\n", os.Args[1:])
		env := os.Environ()
		sort.Strings(env)
		fmt.Fprintf(&b, "env %q\n", env)
		fmt.Fprintf(&b, "options %s %s\n", q.PluginOptions, q.GlobalOptions)
		fmt.Fprintf(&b, "engine %s, version %s\n", q.Settings.Engine, q.SqlcVersion)
		for _, s := range q.Catalog.Schemas {
			fmt.Fprintf(&b, "schema %s: %d tables\n", s.Name, len(s.Tables))
		}
		for _, x := range q.Queries {
			fmt.Fprintf(&b, "query %s %s\n", x.Name, x.Cmd)
		}
		file("told.txt", b.String())
	case "file":
		file(o.Name, "x\n")
	case "nothing":
		return
	case "garbage":
		fmt.Print("hello, I am no message")
		return
	case "json":
		fmt.Print(`{"files": []}`)
		return
	case "fail":
		fmt.Fprintln(os.Stderr, "line one\nthe secret is "+os.Getenv("SECRET_OF_TEST"))
		os.Exit(3)
	case "sleep":
		time.Sleep(time.Minute)
	case "reach":
		_, fileErr := os.ReadDir("/")
		_, netErr := net.Dial("tcp", o.Name)
		file("reached.txt", fmt.Sprintf("files %t, network %t\n", fileErr == nil, netErr == nil))
	default:
		fail(fmt.Errorf("what is %q?", o.Do))
	}
	var out []byte
	if asJSON {
		out, err = protojson.Marshal(r)
	} else {
		out, err = proto.Marshal(r)
	}
	if err != nil {
		fail(err)
	}
	os.Stdout.Write(out)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
