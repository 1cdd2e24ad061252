package ttshop

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/internal/wire"
)

// setIdempotencyKey makes sure that a call of an operation which takes an
// idempotency key carries one, the caller's or a new one, and remembers it. It
// changes nothing that belongs to the caller.
func (k *call) setIdempotencyKey(place string) error {
	in, name, ok := strings.Cut(place, ":")
	if !ok {
		return nil
	}
	switch in {
	case "query":
		return k.setKeyInQuery(name)
	case "body":
		return k.setKeyInBody(name)
	}
	return fmt.Errorf("the idempotency key has no place %q", place)
}

func (k *call) setKeyInQuery(name string) error {
	for i, p := range k.query {
		if p.Key != name {
			continue
		}
		if p.Value == "" {
			k.query = slices.Clone(k.query)
			k.query[i].Value = rand.Text()
		}
		k.key = k.query[i].Value
		return nil
	}
	k.key = rand.Text()
	k.query = append(k.query, wire.Param{Key: name, Value: k.key})
	return nil
}

func (k *call) setKeyInBody(name string) error {
	if k.form != nil {
		return nil // no operation takes its key in a form
	}
	body := map[string]json.RawMessage{}
	if len(k.json) > 0 {
		if err := json.Unmarshal(k.json, &body); err != nil {
			return fmt.Errorf("the body takes an idempotency key but is not a JSON object: %w", err)
		}
	}
	var given string
	if raw, ok := body[name]; ok {
		if err := json.Unmarshal(raw, &given); err != nil {
			return fmt.Errorf("the body's %s is not a string: %w", name, err)
		}
	}
	if k.key = given; given != "" {
		return nil
	}
	k.key = rand.Text()
	if _, ok := body[name]; ok {
		body[name] = json.RawMessage(`"` + k.key + `"`)
		encoded, err := wire.MarshalBody(body)
		k.json = encoded
		return err
	}
	member := fmt.Sprintf("%q:%q", name, k.key)
	rest := bytes.TrimSpace(k.json)
	switch {
	case len(body) == 0:
		k.json = []byte("{" + member + "}")
	default:
		k.json = slices.Concat([]byte("{"+member+","), rest[1:])
	}
	return nil
}
