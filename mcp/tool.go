package mcp

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// tool is a tool with its schema, which is written by hand: what is derived from Go
// types says that lists may be null, and clients complain.
type tool struct {
	name, title, description string

	schema      string // properties and required, as JSON
	writes      bool
	destructive bool
	idempotent  bool
	closed      bool // it asks nobody outside
	handle      func(ctx context.Context, c *call) (*reply, error)

	resolved *jsonschema.Resolved
}

// definition returns the tool as clients are told of it. All annotations are set: a
// missing one means the worst.
func (t *tool) definition() *sdk.Tool {
	open := !t.closed
	return &sdk.Tool{
		Name: t.name, Title: t.title, Description: t.description, InputSchema: json.RawMessage(t.input()),
		Annotations: &sdk.ToolAnnotations{ReadOnlyHint: !t.writes, DestructiveHint: &t.destructive, IdempotentHint: t.idempotent || !t.writes, OpenWorldHint: &open},
	}
}

func (t *tool) input() string {
	if t.schema == "" {
		return `{"type":"object","properties":{},"additionalProperties":false}`
	}
	return `{"type":"object","additionalProperties":false,` + strings.TrimSpace(t.schema) + `}`
}

// resolve reads the schema.
func (t *tool) resolve() error {
	schema := new(jsonschema.Schema)
	if err := json.Unmarshal([]byte(t.input()), schema); err != nil {
		return fmt.Errorf("schema of %s: %w", t.name, err)
	}
	resolved, err := schema.Resolve(nil)
	if err != nil {
		return fmt.Errorf("schema of %s: %w", t.name, err)
	}
	t.resolved = resolved
	return nil
}

// check holds arguments against the schema.
func (t *tool) check(arguments json.RawMessage) error {
	value := map[string]any{}
	if len(arguments) > 0 {
		if err := json.Unmarshal(arguments, &value); err != nil {
			return &Failure{Class: "arguments", Message: "the arguments are not a JSON object", Next: "correct the arguments"}
		}
	}
	if err := t.resolved.Validate(value); err != nil {
		return &Failure{Class: "arguments", Message: "the arguments of " + t.name + ": " + clean(err.Error()), Next: "correct the arguments"}
	}
	return nil
}
