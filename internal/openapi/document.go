package openapi

import (
	"bytes"
	"encoding/json"
)

// A Document is an OpenAPI 3.1 document.
type Document struct {
	OpenAPI    string                `json:"openapi"`
	Info       Info                  `json:"info"`
	Servers    []Server              `json:"servers"`
	Tags       []Tag                 `json:"tags"`
	Security   []map[string][]string `json:"security"`
	Paths      map[string]*PathItem  `json:"paths"`
	Components Components            `json:"components"`
	Codes      map[string]Code       `json:"x-ttshop-codes"`
}

// JSON returns the document as indented JSON, the same bytes every time.
func (d *Document) JSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	err := enc.Encode(d)
	return b.Bytes(), err
}

// Info says what the document is.
type Info struct {
	Title       string  `json:"title"`
	Version     string  `json:"version"`
	Summary     string  `json:"summary"`
	Description string  `json:"description"`
	License     License `json:"license"`
}

// A License is that of the document.
type License struct {
	Name       string `json:"name"`
	Identifier string `json:"identifier"`
}

// A Server is where operations are called.
type Server struct {
	URL         string              `json:"url"`
	Description string              `json:"description"`
	Variables   map[string]Variable `json:"variables,omitempty"`
}

// A Variable is a part of a server's address.
type Variable struct {
	Default     string `json:"default"`
	Description string `json:"description"`
}

// A Tag is a domain.
type Tag struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

// A PathItem holds the operations of a path.
type PathItem struct {
	Get    *Operation `json:"get,omitempty"`
	Put    *Operation `json:"put,omitempty"`
	Post   *Operation `json:"post,omitempty"`
	Delete *Operation `json:"delete,omitempty"`
}

// An Operation is one method of a path.
type Operation struct {
	OperationID string               `json:"operationId"`
	Tags        []string             `json:"tags"`
	Summary     string               `json:"summary"`
	Description string               `json:"description,omitempty"`
	External    *External            `json:"externalDocs,omitempty"`
	Parameters  []*Parameter         `json:"parameters,omitempty"`
	RequestBody *RequestBody         `json:"requestBody,omitempty"`
	Responses   map[string]*Response `json:"responses"`

	Version     string            `json:"x-ttshop-version"`
	Versions    []string          `json:"x-ttshop-versions,omitempty"` // operationIds of the other dates
	Reads       bool              `json:"x-ttshop-reads"`
	Scopes      []string          `json:"x-ttshop-scopes,omitempty"`
	Idempotency *Place            `json:"x-ttshop-idempotency,omitempty"`
	Check       string            `json:"x-ttshop-check,omitempty"` // operationId
	Paging      *Paging           `json:"x-ttshop-paging,omitempty"`
	MaxBody     int64             `json:"x-ttshop-max-body,omitempty"`
	Webhooks    []string          `json:"x-ttshop-webhooks,omitempty"`
	Codes       map[string]string `json:"x-ttshop-codes,omitempty"` // what to do
}

// External is the address of the official page.
type External struct {
	Description string `json:"description"`
	URL         string `json:"url"`
}

// A Place is where in a request something goes.
type Place struct {
	In   string `json:"in"`
	Name string `json:"name"`
}

// Paging says where the parts of paging are. Next and items are dotted paths in
// the data of an answer.
type Paging struct {
	Token *Place `json:"token"`
	Size  *Place `json:"size,omitempty"`
	Next  string `json:"next"`
	Items string `json:"items"`
}

// A Parameter is a part of the path or the query.
type Parameter struct {
	Ref         string          `json:"$ref,omitempty"`
	Name        string          `json:"name,omitempty"`
	In          string          `json:"in,omitempty"`
	Description string          `json:"description,omitempty"`
	Required    bool            `json:"required,omitempty"`
	Deprecated  bool            `json:"deprecated,omitempty"`
	Style       string          `json:"style,omitempty"`
	Explode     *bool           `json:"explode,omitempty"`
	Schema      *Schema         `json:"schema,omitempty"`
	Example     json.RawMessage `json:"example,omitempty"`
}

// A RequestBody is what a request carries.
type RequestBody struct {
	Required bool             `json:"required"`
	Content  map[string]Media `json:"content"`
}

// A Response is an answer.
type Response struct {
	Ref         string           `json:"$ref,omitempty"`
	Description string           `json:"description,omitempty"`
	Content     map[string]Media `json:"content,omitempty"`
}

// Media is a body of one type.
type Media struct {
	Schema  *Schema         `json:"schema"`
	Example json.RawMessage `json:"example,omitempty"`
}

// Components are what operations share.
type Components struct {
	SecuritySchemes map[string]SecurityScheme `json:"securitySchemes"`
	Parameters      map[string]*Parameter     `json:"parameters"`
	Responses       map[string]*Response      `json:"responses"`
	Schemas         map[string]*Schema        `json:"schemas"`
}

// A SecurityScheme is a part of what makes a request authentic.
type SecurityScheme struct {
	Type        string `json:"type"`
	In          string `json:"in"`
	Name        string `json:"name"`
	Description string `json:"description"`
}

// A Schema describes a value.
type Schema struct {
	Ref              string             `json:"$ref,omitempty"`
	Type             string             `json:"type,omitempty"`
	Format           string             `json:"format,omitempty"`
	ContentMediaType string             `json:"contentMediaType,omitempty"`
	Description      string             `json:"description,omitempty"`
	Deprecated       bool               `json:"deprecated,omitempty"`
	Default          json.RawMessage    `json:"default,omitempty"`
	Minimum          json.Number        `json:"minimum,omitempty"`
	Maximum          json.Number        `json:"maximum,omitempty"`
	MinLength        int                `json:"minLength,omitempty"`
	MaxLength        int                `json:"maxLength,omitempty"`
	MaxItems         int                `json:"maxItems,omitempty"`
	Required         []string           `json:"required,omitempty"`
	Properties       map[string]*Schema `json:"properties,omitempty"`
	Items            *Schema            `json:"items,omitempty"`
	OneOf            []*Schema          `json:"oneOf,omitempty"`
	AllOf            []*Schema          `json:"allOf,omitempty"`

	Values  []string `json:"x-extensible-enum,omitempty"` // known ones; others may appear
	Kind    string   `json:"x-ttshop-kind,omitempty"`
	Unit    string   `json:"x-ttshop-unit,omitempty"`
	Markets []string `json:"x-ttshop-markets,omitempty"`
}

// A Code is what a code in an answer means.
type Code struct {
	Class   string `json:"class"`
	Meaning string `json:"meaning"`
	Fix     string `json:"fix"`
	Retry   string `json:"retry"`
}
