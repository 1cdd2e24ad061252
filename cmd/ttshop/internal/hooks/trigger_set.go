package hooks

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// readSettings reads what --set says about an event. Paths begin in the data
// unless they name a field of the envelope; a leading data is accepted, too.
func readSettings(t event.Type, texts []string, now time.Time) (*settings, error) {
	s := &settings{typ: t, now: now}
	for _, text := range texts {
		path, value, ok := strings.Cut(text, "=")
		if !ok || path == "" {
			return nil, console.Usagef("--set expects PATH=VALUE, such as order_status=DELIVERED")
		}
		steps, err := field.ParsePath(path)
		if err != nil {
			return nil, console.Usagef("--set: %w", err)
		}
		one := setting{path, steps, value}
		switch {
		case steps[0].Name == "data" && len(steps) > 1:
			one.steps = steps[1:]
			s.data = append(s.data, one)
		case field.Named(envelopeField().Fields, steps[0].Name) != nil && field.Named(dataField(t).Fields, steps[0].Name) == nil:
			s.envelope = append(s.envelope, one)
		default:
			s.data = append(s.data, one)
		}
	}
	// Mistakes are reported before anything is sent.
	var sample map[string]any
	value, err := field.DecodeJSON(event.Sample(t))
	if err == nil {
		sample, _ = value.(map[string]any)
		err = s.applyTo(sample)
	}
	return s, err
}

// set sets fields of a value that is described by described.
func (s *settings) set(value any, described *catalog.Field, list []setting) (any, error) {
	for _, one := range list {
		setter := field.Setter{Leaf: func(f *catalog.Field, at string) (any, error) {
			value, err := field.ParseField(f, one.text, s.now)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", at, err)
			}
			return value, nil
		}}
		known := described
		if len(described.Fields) == 0 {
			known = nil // not documented
		}
		set, err := setter.Set(value, known, one.steps, "")
		if err != nil {
			if known != nil && field.Named(known.Fields, one.steps[0].Name) == nil {
				var paths []string
				for _, at := range field.Paths(known.Fields, "[0]") {
					paths = append(paths, at.Path)
				}
				err = fmt.Errorf("%w\n\n%s has %s", err, s.typ, strings.Join(paths, ", "))
			}
			return nil, console.Usagef("--set: %w", err)
		}
		value = set
	}
	return value, nil
}

// envelopeField describes the envelope of a delivery.
func envelopeField() *catalog.Field {
	return &catalog.Field{Type: catalog.Object, Fields: membersOfType(reflect.TypeFor[event.Envelope]())}
}

// dataField describes the data of a type of event. It has no fields if they are
// not documented.
func dataField(t event.Type) *catalog.Field {
	data, _ := reflect.TypeOf(event.New(t)).Elem().FieldByName("Data")
	f := fieldOfType("data", data.Type)
	return &f
}

// fieldOfType describes a value of a Go type as the catalogue would.
func fieldOfType(name string, t reflect.Type) catalog.Field {
	f := catalog.Field{Name: name}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[json.RawMessage]():
	case t == reflect.TypeFor[event.NumberID]():
		f.Type = catalog.Integer
	case t == reflect.TypeFor[event.UnixTime]():
		f.Type, f.Kind = catalog.Integer, catalog.KindUnix
	case t == reflect.TypeFor[event.QuotedTime]():
		f.Type, f.Kind = catalog.String, catalog.KindUnix
	case t.Kind() == reflect.Slice:
		item := fieldOfType("", t.Elem())
		f.Type, f.Items = catalog.Array, &item
	case t.Kind() == reflect.Struct:
		f.Type, f.Fields = catalog.Object, membersOfType(t)
	case t.Kind() == reflect.Bool:
		f.Type = catalog.Boolean
	case t.Kind() == reflect.String:
		f.Type = catalog.String
	default:
		f.Type = catalog.Integer
	}
	return f
}

// membersOfType describes the fields of a struct as they are in JSON.
func membersOfType(t reflect.Type) []catalog.Field {
	var fields []catalog.Field
	for member := range t.Fields() {
		if member.Anonymous {
			fields = slices.Concat(fields, membersOfType(member.Type))
			continue
		}
		if name, _, _ := strings.Cut(member.Tag.Get("json"), ","); name != "" && name != "-" {
			fields = append(fields, fieldOfType(name, member.Type))
		}
	}
	return fields
}
