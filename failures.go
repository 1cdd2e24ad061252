package ttshop

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/internal/partial"
)

// ItemError is the failure of one item of a call that succeeded otherwise: one
// product of a batch that was not activated. [errors.Is] matches its classes, and
// those of the further reasons that it has.
type ItemError struct {
	Operation string          // name of the operation; empty if it is not known
	Code      int             // the platform's code; 0 if it gives none
	Message   string          // the platform's text
	Raw       json.RawMessage // the item as it came, with the ids that it names
}

// Error says which item failed, why, and what to do about it.
func (e *ItemError) Error() string {
	var b strings.Builder
	if e.Operation != "" {
		b.WriteString(e.Operation + ": ")
	}
	b.WriteString("item")
	ids := e.IDs()
	for _, name := range slices.Sorted(maps.Keys(ids)) {
		b.WriteString(" " + name + " " + ids[name])
	}
	b.WriteString(" failed")
	if e.Code != 0 {
		b.WriteString(" (code " + strconv.Itoa(e.Code) + ")")
	}
	if e.Message != "" {
		b.WriteString(": " + strconv.Quote(e.Message))
	}
	if advice := e.Advice(); advice != "" {
		b.WriteString(". " + advice)
	}
	return b.String()
}

// Advice returns what to do about the failure, as [Error.Advice] does.
func (e *ItemError) Advice() string {
	if e.Code == 0 {
		return ""
	}
	return (&Error{HTTPStatus: 200, Code: e.Code, Message: e.Message}).Advice()
}

// Is reports whether the failure belongs to a class.
func (e *ItemError) Is(target error) bool {
	return e.Code != 0 && (classify(e.Code, 200, e.Message) &^ classOutcomeUnknown).has(target)
}

// IDs returns what the failure says of its item, such as product_id, by name. Names
// in nested objects are joined by dots; lists are left out.
func (e *ItemError) IDs() map[string]string {
	ids := map[string]string{}
	for name, raw := range members(e.Raw) {
		switch name {
		case "code", "message", "fail_reason", "status":
		case "detail":
			collectIDs(ids, "", raw)
		default:
			collectIDs(ids, name, raw)
		}
	}
	return ids
}

func collectIDs(ids map[string]string, name string, raw json.RawMessage) {
	if object := members(raw); object != nil {
		for key, value := range object {
			if name != "" {
				key = name + "." + key
			}
			collectIDs(ids, key, value)
		}
		return
	}
	if text := scalarText(raw); name != "" && text != "" {
		ids[name] = text
	}
}

// members returns the members of an object, and nil for anything else.
func members(raw json.RawMessage) map[string]json.RawMessage {
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) == nil {
		return object
	}
	return nil
}

// scalarText returns the text of a JSON string or number.
func scalarText(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var number json.Number
	if json.Unmarshal(raw, &number) == nil {
		return number.String()
	}
	return ""
}

// Unwrap returns the further reasons that the platform gives for the failure, such
// as one for each warehouse: the extra_errors of its detail.
func (e *ItemError) Unwrap() []error {
	var item struct {
		Detail struct {
			Extra []*ItemError `json:"extra_errors"`
		} `json:"detail"`
	}
	if json.Unmarshal(e.Raw, &item) != nil {
		return nil
	}
	var reasons []error
	for _, extra := range item.Detail.Extra {
		if extra != nil {
			reasons = append(reasons, extra)
		}
	}
	return reasons
}

// UnmarshalJSON reads an item in any of the platform's forms: with code and message,
// with a reason, or with a list of reasons.
func (e *ItemError) UnmarshalJSON(data []byte) error {
	*e = ItemError{Operation: e.Operation, Raw: slices.Clone(data)}
	item := members(data)
	e.Code = itemCode(item["code"])
	for _, name := range []string{"message", "fail_reason"} {
		if e.Message == "" {
			e.Message = scalarText(item[name])
		}
	}
	var reasons []ItemError
	if json.Unmarshal(item["fail_reasons"], &reasons) == nil {
		for _, reason := range reasons {
			if e.Code == 0 {
				e.Code = reason.Code
			}
			if e.Message != "" && reason.Message != "" {
				e.Message += "; "
			}
			e.Message += reason.Message
		}
	}
	return nil
}

// itemCode reads a code, which comes as a number or as a string.
func itemCode(raw json.RawMessage) int {
	code, err := strconv.Atoi(scalarText(raw))
	if err != nil {
		return 0
	}
	return code
}

// MarshalJSON returns the item as it came.
func (e ItemError) MarshalJSON() ([]byte, error) {
	if e.Raw != nil {
		return e.Raw, nil
	}
	return json.Marshal(struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}{e.Code, e.Message})
}

// ItemErrors are the failures of items of a call, at least one.
type ItemErrors []*ItemError

// shownItems is how many items the text of ItemErrors has.
const shownItems = 5

// Error says how many items failed, and the first of them one by one.
func (e ItemErrors) Error() string {
	if len(e) == 1 {
		return e[0].Error()
	}
	var b strings.Builder
	if len(e) > 0 && e[0].Operation != "" {
		b.WriteString(e[0].Operation + ": ")
	}
	fmt.Fprintf(&b, "%d items failed", len(e))
	for i, item := range e {
		if i == shownItems {
			fmt.Fprintf(&b, "\nand %d more", len(e)-i)
			break
		}
		one := *item
		one.Operation = "" // is in front already
		b.WriteString("\n" + one.Error())
	}
	return b.String()
}

// Unwrap returns the failures one by one.
func (e ItemErrors) Unwrap() []error {
	all := make([]error, len(e))
	for i, item := range e {
		all[i] = item
	}
	return all
}

// FailedItems returns nil if none of the parts of an answer says that an item
// failed, and [ItemErrors] otherwise. A part is a list of failures, of ids that
// failed, or of results of which those count that have a reason for failing. The
// results of package api call it in their method Failed.
func FailedItems(operation string, parts ...any) error {
	var failed ItemErrors
	for _, part := range parts {
		failed = append(failed, failuresIn(part)...)
	}
	if len(failed) == 0 {
		return nil
	}
	for _, item := range failed {
		item.Operation = operation
	}
	return failed
}

// failuresIn returns the failures that a part of an answer holds.
func failuresIn(part any) ItemErrors {
	if items, ok := part.([]ItemError); ok {
		failed := make(ItemErrors, len(items))
		for i := range items {
			one := items[i]
			failed[i] = &one
		}
		return failed
	}
	raw, err := json.Marshal(part)
	if err != nil {
		return ItemErrors{{Message: err.Error()}}
	}
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		items = []json.RawMessage{raw}
	}
	var failed ItemErrors
	for _, raw := range items {
		if item := failureIn(raw); item != nil {
			failed = append(failed, item)
		}
	}
	return failed
}

// failureIn returns the failure that one value states, or nil: an id, a result with
// a code or a reason, or lists of what could not be done.
func failureIn(raw json.RawMessage) *ItemError {
	if id := scalarText(raw); id != "" {
		return &ItemError{Raw: slices.Concat([]byte(`{"id":`), raw, []byte("}"))}
	}
	item := new(ItemError)
	if err := item.UnmarshalJSON(raw); err != nil {
		return &ItemError{Message: err.Error()}
	}
	result := members(raw)
	_, coded := result["code"]
	_, explained := result["fail_reasons"]
	switch {
	case item.Code != 0, scalarText(result["fail_reason"]) != "":
		return item
	case coded:
		return nil
	case explained:
		if item.Message == "" {
			return nil
		}
		return item
	}
	for _, value := range result {
		if text := string(value); text != "null" && text != "[]" && text != "{}" && text != `""` && text != "0" {
			return item
		}
	}
	return nil
}

// Failed returns nil or the items that failed although the call succeeded, as
// [ItemErrors]: those that the list errors of the data part has, or one of the
// other lists that the platform has for them.
func (r *Response) Failed() error {
	data := members(r.Data)
	var parts []any
	for _, name := range partial.Parts() {
		var items []ItemError
		if slices.Contains(partial.Lists(), name) && json.Unmarshal(data[name], &items) == nil {
			parts = append(parts, items)
		} else if data[name] != nil {
			parts = append(parts, data[name])
		}
	}
	return FailedItems("", parts...)
}

// ItemsAsErrors makes a call of which items failed return them as its error. The
// methods of package api return the result beside it, which says what became of
// the other items.
func ItemsAsErrors() CallOption { return func(c *call) { c.itemsAsErrors = true } }

// WithItemsAsErrors makes all calls of the client as [ItemsAsErrors] does one.
func WithItemsAsErrors() Option { return func(c *Client) { c.itemsAsErrors = true } }

// Partial returns a result only beside no error and beside [ItemErrors]. The
// methods of package api that answer about items end with it.
func Partial[T any](result *T, err error) (*T, error) {
	if _, ok := errors.AsType[ItemErrors](err); ok || err == nil {
		return result, err
	}
	return nil, err
}

// failed returns the failures that the data of a call states, if they are to be
// an error.
func (k *call) failed(data interface{ Failed() error }) error {
	if !k.itemsAsErrors {
		return nil
	}
	err := data.Failed()
	if items, ok := errors.AsType[ItemErrors](err); ok {
		for _, item := range items {
			item.Operation = k.name
		}
	}
	return err
}
