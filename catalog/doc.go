// Package catalog knows the operations of the TikTok Shop Open API as data:
// method and path, the fields of request and answer with their types, values
// and limits, scopes, error codes and paging. They are those of the official
// files of December 2025 and, each with the grade of the evidence, those that
// were seen elsewhere up to August 2026.
//
// The data is embedded and compressed. Nothing happens at program start: the
// list of operations is read when a [Catalog] is first used, the details of a
// domain when one of its operations is first described.
package catalog
