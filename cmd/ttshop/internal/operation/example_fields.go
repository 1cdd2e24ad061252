package operation

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
)

//go:embed example_fields.json
var exampleFieldsFile []byte

// exampleFields are fields that an example needs beyond those that the catalogue
// calls required, or with other values than those that are made up, by operation:
// null is a made-up value, a text is what a flag takes, {order_id} in it stands
// for an id of the sandbox.
var exampleFields = sync.OnceValue(func() map[string]map[string]json.RawMessage {
	var fields map[string]map[string]json.RawMessage
	if err := json.Unmarshal(exampleFieldsFile, &fields); err != nil {
		panic("example_fields.json: " + err.Error()) // a test reads it
	}
	return fields
})

// inMarket is the member of exampleFields that is not a field: the market of the
// shop that the example is for.
const inMarket = "@market"

// exampleMarket returns the market of the shop that an operation's example is
// for, or nothing if any will do.
func exampleMarket(op *catalog.Operation) string {
	var market string
	if raw, ok := exampleFields()[op.FullName()][inMarket]; ok {
		if err := json.Unmarshal(raw, &market); err != nil {
			panic("example_fields.json: " + op.FullName() + ": " + err.Error()) // a test reads it
		}
	}
	return market
}

// givenExample returns the value of a field that exampleFields has, as JSON
// decodes it; nil is one that is made up.
func givenExample(op *catalog.Operation, name string) (value any, listed bool) {
	raw, listed := exampleFields()[op.FullName()][name]
	if !listed {
		return nil, false
	}
	value, err := field.DecodeJSON(raw)
	if err != nil {
		panic("example_fields.json: " + op.FullName() + ": " + err.Error()) // a test reads it
	}
	return value, true
}

// exampleFlag returns the value of a flag in an example, and whether the example
// has the flag.
func (o *operationOptions) exampleFlag(f *field.Flag) (text string, needed bool) {
	return o.exampleFlagWith(f, exampleIDsOf(o.op))
}

func (o *operationOptions) exampleFlagWith(f *field.Flag, ids idSource) (text string, needed bool) {
	name := f.Field.Name
	switch given, listed := givenExample(o.op, name); {
	case listed && given != nil:
		return flagText(f.Field, ids.fill(given, name, "")), true
	case listed:
		value, ok := newRequestExampleWith(o.withWords(), ids).Body[name]
		if !ok {
			return exampleText(f.Field), true
		}
		return flagText(f.Field, value), true
	case name == field.AfterColon(o.op.IdempotencyKey), o.op.Paging != nil && name == field.AfterColon(o.op.Paging.Size):
		return "", false
	}
	needed = f.Field.Required || f.Field.In == "path"
	if span := exampleSpan(o.op, f.Field); span != "" {
		return span, needed
	}
	noun := lastNoun(o.op.Path)
	return flagText(f.Field, ids.fill(exampleValue(f.Field), name, noun)), needed
}

// exampleSpan returns the time of a flag, as a number of days from now: an example
// with a date would grow old. Writes ask for what lies ahead.
func exampleSpan(op *catalog.Operation, f *catalog.Field) string {
	isTime := f.Kind == catalog.KindUnix || f.Kind == catalog.KindUnixMilli
	switch {
	case f.Type == catalog.Array || !isTime && !field.IsDate(f):
		return ""
	case isTime && op.Write && endsRange(f.Name):
		return "8d"
	case isTime && op.Write:
		return "1d"
	case endsRange(f.Name):
		return "-1d"
	case !strings.HasSuffix(f.Name, "_ge") && !strings.Contains(f.Name, "start"):
		return "-2d" // one day, not the beginning of some
	}
	return "-8d"
}

// flagText returns a value as a flag takes it.
func flagText(f *catalog.Field, value any) string {
	switch value := value.(type) {
	case []any:
		if f.Items != nil && f.Items.Type != catalog.Object && f.Items.Type != catalog.Array {
			return field.QueryText(value)
		}
	case map[string]any:
	default:
		return field.QueryText(value)
	}
	b, err := json.Marshal(value)
	if err != nil {
		return err.Error() // maps, lists and texts can be encoded
	}
	return string(b)
}

// idsFile has what TestExampleIDs found.
//
//go:embed example_ids.json
var idsFile []byte

// allExampleIDs are ids of the world that a sandbox has by default, by operation
// and by what they identify.
var allExampleIDs = sync.OnceValue(func() map[string]map[string]string {
	var all map[string]map[string]string
	if err := json.Unmarshal(idsFile, &all); err != nil {
		panic("example_ids.json: " + err.Error()) // a test reads it
	}
	return all
})

// An idSource gives the id of a kind of thing, such as order_id.
type idSource func(kind string) string

// exampleIDsOf returns the ids with which the sandbox carries out an operation.
func exampleIDsOf(op *catalog.Operation) idSource { return idsIn(allExampleIDs()[op.FullName()]) }

// madeUpID stands for ids that the sandbox does not have.
const madeUpID = "1729382256910270412"

// idsIn returns a source of the ids by their kinds.
func idsIn(ids map[string]string) idSource {
	return func(kind string) string { return cmp.Or(ids[kind], madeUpID) }
}

// placeholders are what stands for an id in exampleFields.
var placeholders = regexp.MustCompile(`\{[a-z_]+\}`)

// fill puts ids in the place of those that are made up, and of placeholders. The
// noun says whose a plain id is.
func (of idSource) fill(value any, name, noun string) any {
	switch value := value.(type) {
	case string:
		if value == madeUpID {
			return of(kindOfID(name, noun))
		}
		return placeholders.ReplaceAllStringFunc(value, func(found string) string { return of(strings.Trim(found, "{}")) })
	case []any:
		filled := make([]any, len(value))
		for i, item := range value {
			filled[i] = of.fill(item, name, noun)
		}
		return filled
	case map[string]any:
		filled := make(map[string]any, len(value))
		if name != "" {
			noun = singular(name)
		}
		for _, member := range slices.Sorted(maps.Keys(value)) {
			filled[member] = of.fill(value[member], member, noun)
		}
		return filled
	}
	return value
}

// kindOfID returns what a field identifies: order_id for order_ids and for the id
// of an order.
func kindOfID(name, noun string) string {
	switch name {
	case "id", "ids":
		return noun + "_id"
	}
	return singular(name)
}
