#ifndef RAWTREE_H
#define RAWTREE_H

#include <stddef.h>

// A tree in the form that rawtree.go describes; bytes is to be freed. It is NULL where there is none: the parser refuses
// the statement, or the tree has a node that is not known here.
typedef struct {
	unsigned char *bytes;
	size_t length, capacity;
} rawtree;

rawtree rawtree_parse(const char *text);

#endif
