package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/covetsql/covetsql/compiler/plugin/protocol"
)

// testPlugin is the plugin that the scripts call covetsql-test-plugin. Its option "do" says what it
// does: tell what it was told, fail, or name a file that is none of its business.
func testPlugin() {
	in, err := io.ReadAll(os.Stdin)
	r := &protocol.GenerateRequest{}
	if strings.HasPrefix(string(in), "{") {
		err = protojson.Unmarshal(in, r)
	} else if err == nil {
		err = proto.Unmarshal(in, r)
	}
	var o struct{ Do string }
	if err == nil {
		err = json.Unmarshal(r.PluginOptions, &o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	f := &protocol.File{Name: "../../etc/passwd"}
	switch o.Do {
	case "fail":
		fmt.Fprintln(os.Stderr, "no way without "+os.Getenv("SECRET_OF_TEST"))
		os.Exit(3)
	case "tell":
		var b strings.Builder
		for _, s := range r.Catalog.Schemas {
			for _, t := range s.Tables {
				fmt.Fprintf(&b, "table %s\n", t.Rel.Name)
			}
		}
		for _, q := range r.Queries {
			fmt.Fprintf(&b, "query %s %s\n", q.Name, q.Cmd)
			for _, c := range q.Columns {
				fmt.Fprintf(&b, "column %s %s", c.Name, c.Type.Name)
				if c.NotNull {
					b.WriteString(" not null")
				}
				b.WriteByte('\n')
			}
		}
		f = &protocol.File{Name: "told.txt", Contents: []byte(b.String())}
	}
	out, err := proto.Marshal(&protocol.GenerateResponse{Files: []*protocol.File{f}})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Stdout.Write(out)
}
