#include "rawtree.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// Kinds of fields.
enum {END, NODE, STRUCT, LIST, TEXT, INT, SHORT, ENUM, BOOL, CHAR};

typedef struct {
	unsigned char kind, number;
	unsigned short offset;
} field;

typedef struct {
	unsigned char number; // among the alternatives of the message Node
	const field *fields;
} node;

#include "nodes.h"

union ListCell {
	void *node;
	int integer;
};

struct List {
	int type, length, max_length;
	union ListCell *elements;
};

union ValUnion {
	struct Integer integer;
	struct Float number;
	struct Boolean boolean;
	struct String text;
	struct BitString bits;
};

struct A_Const {
	int type;
	union ValUnion val;
	bool isnull;
	int location;
};

// What the library has beside its interface.
typedef struct {
	struct List *tree;
	char *stderr_buffer;
	void *error;
} PgQueryInternalParsetreeAndError;

PgQueryInternalParsetreeAndError pg_query_raw_parse(const char *input, int parser_options);
void pg_query_free_error(void *error);
void *pg_query_enter_memory_context(void);
void pg_query_exit_memory_context(void *context);

// room makes room for n bytes more.
static unsigned char *room(rawtree *out, size_t n) {
	if (out->capacity - out->length < n) {
		out->capacity = 2 * out->capacity + n;
		out->bytes = realloc(out->bytes, out->capacity);
		if (out->bytes == NULL)
			abort();
	}
	return out->bytes + out->length;
}

static void write_byte(rawtree *out, unsigned char b) {
	*room(out, 1) = b;
	out->length++;
}

static void write_number(rawtree *out, uint32_t v) {
	unsigned char *at = room(out, 5);
	while (v >= 0x80) {
		*at++ = v | 0x80;
		v >>= 7;
	}
	*at++ = v;
	out->length = at - out->bytes;
}

static void write_text(rawtree *out, const char *text) {
	size_t n = strlen(text);
	write_number(out, n);
	memcpy(room(out, n), text, n);
	out->length += n;
}

static bool write_node(rawtree *out, const void *at);

static bool write_list(rawtree *out, const struct List *list) {
	if (list->type != TAG_List)
		return false;
	write_number(out, list->length);
	for (int i = 0; i < list->length; i++)
		if (!write_node(out, list->elements[i].node))
			return false;
	return true;
}

// fields_of gives the fields of a node, or NULL where it is not known.
static const field *fields_of(const void *at) {
	int tag = *(const int *)at;
	return tag > 0 && tag < TAGS ? nodes[tag].fields : NULL;
}

static bool write_fields(rawtree *out, const field *fields, const void *at);

static bool write_field(rawtree *out, const field *f, const char *member) {
	switch (f->kind) {
	case BOOL:
		if (*(const bool *)member) {
			write_byte(out, f->number);
			write_byte(out, 1);
		}
		return true;
	case CHAR:
		if (*member != 0) {
			write_byte(out, f->number);
			write_byte(out, 1);
			write_byte(out, *member);
		}
		return true;
	case INT:
	case SHORT:
	case ENUM: {
		uint32_t v = f->kind == SHORT ? *(const int16_t *)member : *(const int32_t *)member;
		if (f->kind == ENUM)
			v++; // zero is none
		if (v != 0) {
			write_byte(out, f->number);
			write_number(out, v);
		}
		return true;
	}
	}
	const void *to = *(const void *const *)member;
	if (to == NULL || (f->kind == TEXT && *(const char *)to == 0))
		return true;
	write_byte(out, f->number);
	switch (f->kind) {
	case TEXT:
		write_text(out, to);
		return true;
	case LIST:
		return write_list(out, to);
	case NODE:
		return write_node(out, to);
	default:
		return write_fields(out, fields_of(to), to);
	}
}

static bool write_fields(rawtree *out, const field *fields, const void *at) {
	if (fields == NULL)
		return false;
	for (; fields->kind != END; fields++)
		if (!write_field(out, fields, (const char *)at + fields->offset))
			return false;
	write_byte(out, 0);
	return true;
}

// value is the field of a constant that holds a node of a tag, or zero.
static int value(int tag) {
	switch (tag) {
	case TAG_Integer:
		return NUMBER_A_Const_ival;
	case TAG_Float:
		return NUMBER_A_Const_fval;
	case TAG_Boolean:
		return NUMBER_A_Const_boolval;
	case TAG_String:
		return NUMBER_A_Const_sval;
	case TAG_BitString:
		return NUMBER_A_Const_bsval;
	}
	return 0;
}

static bool write_constant(rawtree *out, const struct A_Const *c) {
	if (c->isnull) {
		write_byte(out, NUMBER_A_Const_isnull);
		write_byte(out, 1);
	} else {
		int number = value(c->val.integer.type);
		if (number == 0)
			return false;
		write_byte(out, number);
		write_fields(out, fields_of(&c->val), &c->val);
	}
	if (c->location != 0) {
		write_byte(out, NUMBER_A_Const_location);
		write_number(out, c->location);
	}
	write_byte(out, 0);
	return true;
}

// write_node writes which node it is, and the node.
static bool write_node(rawtree *out, const void *at) {
	if (at == NULL) { // an element that is none
		write_byte(out, 0);
		return true;
	}
	int tag = *(const int *)at;
	switch (tag) {
	case TAG_List:
		write_byte(out, NUMBER_List);
		write_byte(out, NUMBER_List_items);
		if (!write_list(out, at))
			return false;
		write_byte(out, 0);
		return true;
	case TAG_A_Const:
		write_byte(out, NUMBER_A_Const);
		return write_constant(out, at);
	}
	const field *fields = fields_of(at);
	if (fields == NULL)
		return false;
	write_byte(out, nodes[tag].number);
	return write_fields(out, fields, at);
}

rawtree rawtree_parse(const char *text) {
	rawtree out = {NULL, 0, 0};
	void *context = pg_query_enter_memory_context();
	PgQueryInternalParsetreeAndError parsed = pg_query_raw_parse(text, 0);
	bool ok = parsed.error == NULL;
	if (ok) {
		room(&out, 1024);
		int n = parsed.tree == NULL ? 0 : parsed.tree->length;
		write_number(&out, n);
		for (int i = 0; ok && i < n; i++)
			ok = write_fields(&out, fields_of_RawStmt, parsed.tree->elements[i].node);
	} else {
		pg_query_free_error(parsed.error);
	}
	free(parsed.stderr_buffer);
	pg_query_exit_memory_context(context);
	if (!ok) {
		free(out.bytes);
		out = (rawtree){NULL, 0, 0};
	}
	return out;
}
