// Package catalog knows every operation of the TikTok Shop Open API as data:
// method and path, the fields of request and answer with their types, values
// and limits, scopes, error codes and paging.
//
// The data is embedded and compressed. Nothing happens at program start: the
// list of operations is read when a [Catalog] is first used, the details of a
// domain when one of its operations is first described.
package catalog
