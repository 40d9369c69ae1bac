// Package rawtree hands out the trees that PostgreSQL's parser makes. The library packs a tree as a protobuf message, which
// takes longer than to parse: each node's message has some 270 alternatives, and all are gone through, twice. Here a tree is written
// in one pass, as the C structs stand, in a form that names fields as the protobuf form does. Nothing is known here
// of what a tree means.
//
// The structs' layouts are PostgreSQL's of one version, written by internal/gen/pgtree from the library's own headers. Two tests
// hold them: that they are still what is written from the headers, and that trees are those of the protobuf form.
package rawtree

// #include <stdlib.h>
// #include "rawtree.h"
import "C"

import (
	"unsafe"

	_ "github.com/pganalyze/pg_query_go/v5/parser" // whose C functions are called
)

// Parse parses a text and gives its tree to use, which must not keep it. It is false, and use is not called, where the parser
// refuses the text, or the tree has a node that is not known here: parser.ParseToProtobuf has the error, or the tree.
//
// A tree is the number of its statements and their messages RawStmt. A message is fields and a zero; a field
// its number in the protobuf form, one byte, and its value: a number as an unsigned varint of 32 bits, a text as its length
// and its bytes, a message as it is, a list as its length and its elements, a message Node as the number of its alternative, one byte, and
// that, or zero where it is empty. Fields that are zero are left out.
func Parse(text string, use func(tree []byte)) bool {
	c := C.CString(text)
	tree := C.rawtree_parse(c)
	C.free(unsafe.Pointer(c))
	if tree.bytes == nil {
		return false
	}
	defer C.free(unsafe.Pointer(tree.bytes)) // where use fails, too
	use(unsafe.Slice((*byte)(tree.bytes), int(tree.length)))
	return true
}
