package mcp

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
)

//go:embed current.json
var currentText []byte

// currentOf says how what a write changes is read.
type currentOf struct {
	Read   string            `json:"read"`   // the operation
	Params map[string]string `json:"params"` // its parameters, each by the path of one of the write
	List   bool              `json:"list"`   // they are lists, and the write has one value
	Each   string            `json:"each"`   // path of a list of the write: one call for each
	As     string            `json:"as"`     // the parameter that then has the value
	Keep   []string          `json:"keep"`   // of the answer
	Moves  bool              `json:"moves"`  // it changes without anybody's doing, and binds no plan
}

// currents returns how what writes change is read, by their operation.
func currents() map[string]currentOf {
	all := map[string]currentOf{}
	if err := json.Unmarshal(currentText, &all); err != nil {
		panic("mcp: current.json: " + err.Error()) // it is in the program, and a test reads it
	}
	return all
}

// maxEach bounds how many objects of a write are read one by one.
const maxEach = 10

// current reads what a write changes, as it is now. It is nil where no operation tells.
func (s *Server) current(ctx context.Context, c *call, one *plan) (any, error) {
	how, ok := s.currents[one.op.FullName()]
	if !ok {
		return nil, nil
	}
	op, err := s.named(how.Read)
	if err != nil {
		return nil, err
	}
	reading := *c // its record is that of the write
	if err := s.allowed(ctx, &reading, op, one.shop); err != nil {
		return nil, err
	}
	ask := func(params map[string]any) (any, error) {
		answer, err := s.read(ctx, &reading, op, one.shop, params)
		if err != nil {
			return nil, err
		}
		return project(answer, how.Keep), nil
	}
	if how.Each != "" {
		values := valuesAt(one.params, how.Each)
		if len(values) == 0 {
			return nil, nil
		}
		if len(values) > maxEach {
			return nil, &Failure{Class: "limit", Message: fmt.Sprintf("it changes %d objects, and at most %d are read before", len(values), maxEach)}
		}
		all := make([]any, len(values))
		for i, value := range values {
			if all[i], err = ask(map[string]any{how.As: value}); err != nil {
				return nil, err
			}
		}
		return all, nil
	}
	params := map[string]any{}
	for name, path := range how.Params {
		values := valuesAt(one.params, path)
		switch {
		case len(values) == 0:
			return nil, nil
		case how.List || strings.Contains(path, "."):
			params[name] = values
		default:
			params[name] = values[0]
		}
	}
	return ask(params)
}

// valuesAt returns the values at a path of names; lists on the way stand for their items.
func valuesAt(v any, path string) []any {
	if items, ok := v.([]any); ok {
		var all []any
		for _, item := range items {
			all = append(all, valuesAt(item, path)...)
		}
		return all
	}
	if path == "" {
		if v == nil {
			return nil
		}
		return []any{v}
	}
	name, rest, _ := strings.Cut(path, ".")
	object, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	return valuesAt(object[name], rest)
}

// printOf returns a hash of what was read.
func printOf(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// note reads what a plan changes, and binds the plan to it.
func (s *Server) note(ctx context.Context, c *call, one *plan, data map[string]any) error {
	now, err := s.current(ctx, c, one)
	if err != nil {
		data["now_unknown"] = "what it changes could not be read: " + failureOf(err).Message
		return nil
	}
	if now == nil {
		data["now_unknown"] = "no operation tells what it changes"
		return nil
	}
	if !s.currents[one.op.FullName()].Moves {
		if one.before, err = printOf(now); err != nil {
			return err
		}
	}
	small, omitted := shrink(decoded(now), nowTokens)
	if one.now, err = json.Marshal(small); err != nil {
		return err
	}
	data["now"] = small
	if omitted != nil {
		data["now_omitted"] = omitted
	}
	return nil
}

// nowTokens is how much of what is now a plan shows.
const nowTokens = 500

// unchanged fails where what a plan changes is not as it was when it was planned: the
// person approved something else.
func (s *Server) unchanged(ctx context.Context, c *call, one *plan) error {
	if one.before == "" {
		return nil
	}
	now, err := s.current(ctx, c, one)
	if err != nil {
		return err
	}
	after, err := printOf(now)
	if err != nil || after == one.before {
		return err
	}
	s.plans.end(one.id)
	return &Failure{Class: "changed", Message: "what it changes is not as it was when this was planned; nothing was sent", Next: "plan_write plans it again, and shows what is now"}
}
