package catalog

import "strings"

// An Entry names one operation.
type Entry struct {
	Domain  string // first segment of the path, such as customer_service
	Name    string // after its title in the documentation, such as GetOrderDetailV202309
	GoName  string // name of the Go method in package api, such as GetV202309
	Method  string // GET, POST, PUT or DELETE
	Path    string // with parameters in braces
	Summary string // one sentence that begins with a verb
	Sunset  string // date of its announced end, as 2026-08-15; empty while none is known
	Raw     bool   // it has no method in package api, since too little of it is known
}

// FullName returns domain and name, such as order.GetOrderList. It is the Name
// of the operation in errors and logs.
func (e Entry) FullName() string { return e.Domain + "." + e.Name }

// GoFullName returns the name of the Go method with its package, such as
// order.Search.
func (e Entry) GoFullName() string {
	return strings.ReplaceAll(e.Domain, "_", "") + "." + e.GoName
}

// Version returns the date in the path, such as 202309.
func (e Entry) Version() string {
	for segment := range strings.SplitSeq(e.Path, "/") {
		if len(segment) == 6 && strings.Trim(segment, "0123456789") == "" {
			return segment
		}
	}
	return ""
}

// PathValues returns the values that a filled-in path has for the parameters of
// e, still escaped, and false if it is not a path of e.
func (e Entry) PathValues(path string) (map[string]string, bool) {
	values := map[string]string{}
	if !matchPath(e.Path, path, func(name, value string) { values[name] = value }) {
		return nil, false
	}
	return values, true
}

// An Operation is all that is known about one operation. What no source states is
// the zero value.
type Operation struct {
	Entry `json:"-"`

	Title    string   `json:"title"`              // title of the official page, as written there
	Page     string   `json:"page"`               // address of the official page
	Siblings []string `json:"siblings,omitempty"` // names of the other dates of this operation, newest first

	Scopes         []string `json:"scopes,omitempty"` // access scopes that it requires
	ShopCipher     Rule     `json:"shop_cipher,omitempty"`
	AssetCipher    Rule     `json:"asset_cipher,omitempty"`    // category_asset_cipher
	Write          bool     `json:"write,omitempty"`           // it changes something on the platform
	IdempotencyKey string   `json:"idempotency_key,omitempty"` // where the key goes, such as query:idempotency_key
	Check          string   `json:"check,omitempty"`           // full name of the operation that shows whether a write was carried out
	Paging         *Paging  `json:"paging,omitempty"`
	BodyType       BodyType `json:"body_type,omitempty"`
	MaxBody        int64    `json:"max_body,omitempty"` // largest body in bytes; 0 when only the gateway's limit applies
	Codes          []int    `json:"codes,omitempty"`    // business codes that the page lists

	Params []Field `json:"params,omitempty"` // path and query, without those that every call carries
	Body   []Field `json:"body,omitempty"`
	Result []Field `json:"result,omitempty"` // fields of data

	Seen      string `json:"seen,omitempty"`       // where it was seen, with the grade of the evidence, if the official files lack it
	RawReason string `json:"raw_reason,omitempty"` // why it has no method in package api; empty if it has one

	End *Sunset `json:"sunset,omitempty"` // nil while no end is announced

	Notes *Notes `json:"notes,omitempty"` // set by Explain; nil if nothing is noted
}

// A Sunset is the announced end of an operation.
type Sunset struct {
	Date      string `json:"date"`                // as 2026-08-15
	Successor string `json:"successor,omitempty"` // method and path of what takes its place; empty where nobody says
	Grade     string `json:"grade"`               // A, confirmed, to D, one source or a guess
	Source    string `json:"source"`              // kind of the source, such as "release note"
}

// A Rule says whether an operation takes a cipher.
type Rule string

// The rules. The zero value means that the cipher is not sent.
const (
	RuleAbsent   Rule = ""
	RuleOptional Rule = "optional"
	RuleRequired Rule = "required"
)

// A BodyType is the form of a request body.
type BodyType string

// The forms. The zero value means no body.
const (
	BodyNone      BodyType = ""
	BodyJSON      BodyType = "json"
	BodyMultipart BodyType = "multipart"
)

// Paging says where the parts of pagination are.
type Paging struct {
	Token string `json:"token"`          // "query:page_token" or "body:page_token"
	Size  string `json:"size,omitempty"` // likewise
	Next  string `json:"next"`           // dotted path in the result
	Items string `json:"items"`          // dotted path in the result
}

// A Field is a parameter or a member of an object.
type Field struct {
	Name     string `json:"name,omitempty"` // empty for the items of an array
	In       string `json:"in,omitempty"`   // "path" or "query" for parameters
	Type     Type   `json:"type"`
	Format   string `json:"format,omitempty"` // int8 … int64 for integers
	Kind     Kind   `json:"kind,omitempty"`
	Required bool   `json:"required,omitempty"` // known for about half of the operations

	Enum      []string `json:"enum,omitempty"` // known values; others may appear
	Default   string   `json:"default,omitempty"`
	Min       string   `json:"min,omitempty"` // inclusive
	Max       string   `json:"max,omitempty"` // inclusive
	MinLength int      `json:"min_length,omitempty"`
	MaxLength int      `json:"max_length,omitempty"` // characters
	MaxItems  int      `json:"max_items,omitempty"`

	Seen string `json:"seen,omitempty"` // where it was seen, with the grade of the evidence, if the official files lack it

	GoType string  `json:"go_type,omitempty"` // name in package api of an object's type, or of the type of known values, which may be one of package ttshop: ttshop.SortOrder
	Items  *Field  `json:"items,omitempty"`   // arrays
	Fields []Field `json:"fields,omitempty"`  // objects

	Description *Description `json:"description,omitempty"` // set by Explain; nil if there is none yet
}

// A Type is the JSON type of a field, or a file of a multipart body.
type Type string

// The types.
const (
	String  Type = "string"
	Integer Type = "integer"
	Number  Type = "number"
	Boolean Type = "boolean"
	Object  Type = "object"
	Array   Type = "array"
	File    Type = "file"
)

// A Kind narrows what a string or an integer holds.
type Kind string

// The kinds.
const (
	KindUnix      Kind = "unix"    // seconds since 1970
	KindUnixMilli Kind = "unix_ms" // milliseconds since 1970
	KindDecimal   Kind = "decimal" // an amount of money as a decimal string
)
