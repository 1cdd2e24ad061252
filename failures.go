package ttshop

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/internal/wire"
)

// ItemError is the failure of one item of a batch whose call succeeded. [errors.Is]
// matches its classes.
type ItemError struct {
	Code    int             `json:"code"`
	Message string          `json:"message"`
	Detail  json.RawMessage `json:"detail"` // ids of the item, as the platform gives them
}

// Error says which item failed and why.
func (e ItemError) Error() string {
	var b strings.Builder
	b.WriteString("item")
	ids := e.IDs()
	for _, name := range slices.Sorted(maps.Keys(ids)) {
		fmt.Fprintf(&b, " %s %s", name, ids[name])
	}
	fmt.Fprintf(&b, " failed (code %d): %q", e.Code, e.Message)
	return b.String()
}

// Is reports whether the failure belongs to a class.
func (e ItemError) Is(target error) bool {
	return (classify(e.Code, 200, e.Message) &^ classOutcomeUnknown).has(target)
}

// IDs returns the ids in Detail by name, such as product_id. Names in nested
// objects are joined by dots; values that are not scalars are left out.
func (e ItemError) IDs() map[string]string {
	ids := map[string]string{}
	collectIDs(ids, "", e.Detail)
	return ids
}

func collectIDs(ids map[string]string, name string, raw json.RawMessage) {
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) == nil && object != nil {
		for key, value := range object {
			if name != "" {
				key = name + "." + key
			}
			collectIDs(ids, key, value)
		}
		return
	}
	var text string
	var number json.Number
	switch {
	case name == "":
	case json.Unmarshal(raw, &text) == nil && text != "":
		ids[name] = text
	case json.Unmarshal(raw, &number) == nil && number != "":
		ids[name] = number.String()
	}
}

// Failures returns the items that failed although the call succeeded: the list
// errors of the data part. It is empty if all went well.
func (r *Response) Failures() ([]ItemError, error) {
	var data struct {
		Errors []ItemError `json:"errors"`
	}
	err := r.Decode(&data)
	return data.Errors, err
}

// Failures returns what [Response.Failures] does, for a typed call that was
// made with [CaptureMeta].
func (m *Meta) Failures() ([]ItemError, error) {
	var data struct {
		Errors []ItemError `json:"errors"`
	}
	if _, err := wire.DecodeEnvelope(m.Raw, &data); err != nil {
		return nil, fmt.Errorf("decode data of request %s: %w", m.RequestID, err)
	}
	return data.Errors, nil
}
