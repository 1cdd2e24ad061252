package keep

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
)

// maxNextID bounds where a sequence of ids goes on. Ids are read as signed
// numbers of 64 bits, and there is room above it for all that will be drawn.
const maxNextID = math.MaxInt64 - 1<<56

// maxNumber bounds amounts, counts and times, which are added up and compared.
// It is far beyond what a sandbox reaches: milliseconds in the year 9999.
const maxNumber = 253_402_300_799_999

// firstYear and lastYear bound the years of times.
const (
	firstYear = 1970
	lastYear  = 9000
)

// placeError is a fault of a snapshot with the path of the value that is wrong,
// such as shops[0].orders[3].data.id.
type placeError struct {
	path string
	err  error
}

func (e *placeError) Error() string {
	if e.path == "" { // the whole
		return e.err.Error()
	}
	return e.path + ": " + e.err.Error()
}
func (e *placeError) Unwrap() error { return e.err }

// Placed puts a path before that of a fault.
func Placed(path string, err error) error {
	if err == nil {
		return nil
	}
	if inner, ok := err.(*placeError); ok { //nolint:errorlint // itself: what is wrapped lies deeper
		return &placeError{joinPath(path, inner.path), inner.err}
	}
	return &placeError{path, err}
}

func joinPath(path, inner string) string {
	if inner == "" || inner[0] == '[' || path == "" {
		return path + inner
	}
	return path + "." + inner
}

// whole checks that nothing is missing in a decoded value that code follows
// without looking: elements of lists and maps, and the states of random
// sequences. An element that has an id stands in a map under it.
func whole(v reflect.Value) error {
	switch v.Type() {
	case reflect.TypeFor[invent.Random]():
		return v.Interface().(invent.Random).Whole()
	case reflect.TypeFor[invent.IDs]():
		sequence := v.Interface().(invent.IDs)
		if sequence.Next > maxNextID {
			return Placed("next", fmt.Errorf("is %d, want at most %d", sequence.Next, uint64(maxNextID)))
		}
		return Placed("random", sequence.Random.Whole())
	}
	if v.Type() == reflect.TypeFor[time.Time]() && v.CanInterface() {
		return CheckTime(v.Interface().(time.Time))
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			return whole(v.Elem())
		}
	case reflect.Int, reflect.Int64:
		// Durations are in nanoseconds, and any of them is sensible.
		if n := v.Int(); v.Type() != reflect.TypeFor[time.Duration]() && (n > maxNumber || n < -maxNumber) {
			return fmt.Errorf("is %d, want a number from -%d to %[2]d", n, int64(maxNumber))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i)
			if !field.IsExported() || field.Tag.Get("json") == "-" {
				continue // not read from the snapshot
			}
			if err := whole(v.Field(i)); err != nil {
				return Placed(jsonName(field), err)
			}
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return nil
		}
		for i := range v.Len() {
			if err := wholeElement(v.Index(i)); err != nil {
				return Placed("["+strconv.Itoa(i)+"]", err)
			}
		}
	case reflect.Map:
		for _, entry := range sortedEntries(v) {
			err := wholeElement(entry.value)
			if err == nil {
				err = ownID(entry.key, entry.value)
			}
			if err != nil {
				return Placed("["+strconv.Quote(entry.key)+"]", err)
			}
		}
	}
	return nil
}

// CheckTime checks that a time, unless it is zero, lies in a year that a sandbox
// can be in.
func CheckTime(at time.Time) error {
	if year := at.Year(); !at.IsZero() && (year < firstYear || year > lastYear) {
		return fmt.Errorf("lies in the year %d, want one from %d to %d", year, firstYear, lastYear)
	}
	return nil
}

func wholeElement(v reflect.Value) error {
	if v.Kind() == reflect.Pointer && v.IsNil() {
		return errors.New("is null, want an object")
	}
	return whole(v)
}

// ownID checks that an object that is kept by its id has that id.
func ownID(key string, v reflect.Value) error {
	if v.Kind() != reflect.Pointer || v.Elem().Kind() != reflect.Struct {
		return nil // keyed by something else
	}
	if id := v.Elem().FieldByName("ID"); id.IsValid() && id.Kind() == reflect.String && id.String() != key {
		return Placed("id", fmt.Errorf("is %q, want %q, under which it stands", id.String(), key))
	}
	return nil
}

type mapEntry struct {
	key   string
	value reflect.Value
}

// sortedEntries makes the fault that is reported the same on every run.
func sortedEntries(v reflect.Value) []mapEntry {
	byKey := make(map[string]reflect.Value, v.Len())
	for key, value := range v.Seq2() {
		byKey[fmt.Sprint(key)] = value
	}
	list := make([]mapEntry, 0, len(byKey))
	for _, key := range slices.Sorted(maps.Keys(byKey)) {
		list = append(list, mapEntry{key, byKey[key]})
	}
	return list
}

// jsonName returns the name of a field in JSON; that of an embedded struct,
// whose fields stand among those of the outer one, is empty.
func jsonName(field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	if name == "" && !field.Anonymous {
		return field.Name
	}
	return name
}

// Decode decodes JSON strictly and checks that nothing is missing in it that
// is followed without looking.
func Decode(raw []byte, v any) error {
	if err := checkLists(raw); err != nil {
		return err
	}
	if err := wire.DecodeStrict(raw, v); err != nil {
		if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return &placeError{pathAt(raw, mismatch.Offset), fmt.Errorf("is a JSON %s, want %s", mismatch.Value, JSONType(mismatch.Type))}
		}
		return err
	}
	return whole(reflect.ValueOf(v))
}

// JSONType names a Go type as JSON knows it.
func JSONType(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return JSONType(t.Elem())
	case reflect.Struct, reflect.Map:
		return "object"
	case reflect.Slice, reflect.Array:
		return "array"
	case reflect.Bool:
		return "boolean"
	case reflect.String:
		return "string"
	case reflect.Float32, reflect.Float64:
		return "number"
	}
	return "integer"
}
