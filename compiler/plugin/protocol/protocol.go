// Package protocol has the messages that a code generator is sent and answers with. They are those
// of sqlc 1.31's plugins, by number and by JSON name; who fills them is in
// compiler/codegen/request, who sends them in compiler/plugin.
package protocol

//go:generate go run github.com/bufbuild/buf/cmd/buf@v1.50.0 generate

// Version is what a request says of the protocol it speaks, and SQLC_VERSION in a plugin's
// environment: generators ask it what they may find in a request.
const Version = "v1.31.1"

// Method is the first argument that a plugin is called with.
const Method = "/plugin.CodegenService/Generate"
