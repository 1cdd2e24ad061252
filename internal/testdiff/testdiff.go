// Package testdiff compares values in tests, so that the module asks for nothing
// that its users would inherit.
package testdiff

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Diff returns what differs between two values, one leaf or line of text on each
// line with its path, or nothing if they are equal. Nil and empty slices differ, as do
// values of different types; times are equal if they are the same instant.
func Diff(want, got any) string {
	old, now := leaves{}, leaves{}
	old.walk("", reflect.ValueOf(want))
	now.walk("", reflect.ValueOf(got))
	var b strings.Builder
	for _, path := range slices.SortedFunc(maps.Keys(merged(old, now)), cmp.Compare) {
		before, had := old[path]
		after, has := now[path]
		if had && has && before == after {
			continue
		}
		if had {
			fmt.Fprintf(&b, "-%s: %s\n", path, before)
		}
		if has {
			fmt.Fprintf(&b, "+%s: %s\n", path, after)
		}
	}
	return b.String()
}

func merged(a, b leaves) leaves {
	both := maps.Clone(a)
	maps.Copy(both, b)
	return both
}

// leaves holds the text of each leaf by its path.
type leaves map[string]string

func (l leaves) walk(path string, v reflect.Value) {
	if !v.IsValid() {
		l[path] = "nil"
		return
	}
	kind := v.Type().String() + " "
	if v.Type() == reflect.TypeFor[time.Time]() && v.CanInterface() {
		l[path] = v.Interface().(time.Time).UTC().Format(time.RFC3339Nano)
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			l[path] = kind + "nil"
			return
		}
		l.walk(path, v.Elem())
	case reflect.Struct:
		l[path] = kind
		for i := range v.NumField() {
			l.walk(path+"."+v.Type().Field(i).Name, v.Field(i))
		}
	case reflect.Map:
		l[path] = kind + "of " + strconv.Itoa(v.Len())
		if v.IsNil() {
			l[path] = kind + "nil"
		}
		for _, key := range v.MapKeys() {
			l.walk(fmt.Sprintf("%s[%v]", path, key), v.MapIndex(key))
		}
	case reflect.Slice, reflect.Array:
		l[path] = kind + "of " + strconv.Itoa(v.Len())
		if v.Kind() == reflect.Slice && v.IsNil() {
			l[path] = kind + "nil"
			return
		}
		if v.Type().Elem().Kind() == reflect.Uint8 && v.Kind() == reflect.Slice {
			l.text(path, kind, string(v.Bytes()))
			return
		}
		for i := range v.Len() {
			l.walk(fmt.Sprintf("%s[%04d]", path, i), v.Index(i))
		}
	case reflect.String:
		l.text(path, kind, v.String())
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		l[path] = fmt.Sprintf("%s%#x", kind, v.Pointer())
	default: // numbers and booleans, whatever their String says
		l[path] = kind + plain(v)
	}
}

func plain(v reflect.Value) string {
	switch {
	case v.CanInt():
		return strconv.FormatInt(v.Int(), 10)
	case v.CanUint():
		return strconv.FormatUint(v.Uint(), 10)
	case v.CanFloat():
		return strconv.FormatFloat(v.Float(), 'g', -1, 64)
	case v.CanComplex():
		return strconv.FormatComplex(v.Complex(), 'g', -1, 128)
	}
	return strconv.FormatBool(v.Bool())
}

// text notes a text, line by line if it has several.
func (l leaves) text(path, kind, text string) {
	lines := strings.Split(text, "\n")
	if len(lines) == 1 {
		l[path] = kind + strconv.Quote(text)
		return
	}
	l[path] = kind + "of " + strconv.Itoa(len(lines)) + " lines"
	for i, line := range lines {
		l[fmt.Sprintf("%s:%05d", path, i+1)] = strconv.Quote(line)
	}
}
