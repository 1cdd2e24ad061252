package record

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/catalog"
)

// ids are the ids that answers named, by what they identify: order_id.
type ids map[string][]string

// mostIDs is how many ids of a kind are kept.
const mostIDs = 20

// learn takes the ids of an answer. The id of an item is that of what its list is
// called: an id in orders is an order_id.
func (k ids) learn(of string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			text, ok := member.(string)
			switch {
			case !ok || text == "" || text == "0":
				k.learn(name, member)
			case name == "id" && of != "":
				k.add(singular(of)+"_id", text)
			case strings.HasSuffix(name, "_id"):
				k.add(name, text)
			}
		}
	case []any:
		for _, item := range v {
			if text, ok := item.(string); ok && strings.HasSuffix(of, "_ids") {
				k.add(singular(of), text)
			}
			k.learn(of, item)
		}
	}
}

func (k ids) add(name, id string) {
	if len(k[name]) < mostIDs && !slices.Contains(k[name], id) {
		k[name] = append(k[name], id)
	}
}

// singular returns the name of an item of a list.
func singular(name string) string {
	if stem, ok := strings.CutSuffix(name, "ies"); ok {
		return stem + "y"
	}
	return strings.TrimSuffix(name, "s")
}

// requests returns calls of an operation, several where it is about one object;
// none while it needs what is not known.
func (k ids) requests(op *catalog.Operation, now time.Time) []request {
	params, body := map[string]any{}, map[string]any{}
	single := "" // the parameter that names the object
	for _, place := range []struct {
		fields []catalog.Field
		into   map[string]any
	}{{op.Params, params}, {op.Body, body}} {
		for i := range place.fields {
			f := &place.fields[i]
			if f.In == "path" && single == "" {
				single = f.Name
			}
			if !f.Required && f.In != "path" && f.Name != "page_size" {
				continue
			}
			value, ok := k.value(op, f, now)
			if !ok {
				return nil
			}
			place.into[f.Name] = value
		}
	}
	if single == "" {
		return []request{encode(op, params, body)}
	}
	var list []request
	for _, id := range k[kindOf(op, single)][:min(3, len(k[kindOf(op, single)]))] {
		own := maps.Clone(params)
		own[single] = id
		list = append(list, encode(op, own, body))
	}
	return list
}

// kindOf returns what a parameter identifies: ids of an operation on orders are
// those of orders.
func kindOf(op *catalog.Operation, name string) string {
	if name != "id" && name != "ids" {
		return singular(name)
	}
	segments := strings.Split(strings.TrimSuffix(op.Path, "/search"), "/")
	for _, s := range slices.Backward(segments) {
		if s != "" && s[0] != '{' {
			return singular(s) + "_id"
		}
	}
	return name
}

// value returns a value for a field that a request has to have.
func (k ids) value(op *catalog.Operation, f *catalog.Field, now time.Time) (any, bool) {
	switch {
	case f.Type == catalog.Array && f.Items != nil:
		known := k[kindOf(op, f.Name)]
		if len(f.Items.Enum) > 0 {
			return []any{f.Items.Enum[0]}, true
		}
		if f.Items.Type != catalog.String || len(known) == 0 {
			return nil, false
		}
		list := make([]any, min(len(known), cmp.Or(f.MaxItems, 5)))
		for i := range list {
			list[i] = known[i]
		}
		return list, true
	case strings.HasSuffix(f.Name, "_id"), f.Name == "id", f.Name == "ids", strings.HasSuffix(f.Name, "_ids"):
		known := k[kindOf(op, f.Name)]
		if len(known) == 0 {
			return nil, false
		}
		if strings.HasSuffix(f.Name, "ids") {
			return strings.Join(known, ","), true
		}
		return known[0], true
	case f.Default != "":
		return scalar(f, f.Default), true
	case len(f.Enum) > 0:
		return scalar(f, f.Enum[0]), true
	case f.Name == "page_size":
		most, err := strconv.Atoi(f.Max)
		if err != nil {
			most = 20
		}
		return scalar(f, strconv.Itoa(min(most, 20))), true
	}
	return moment(f, now)
}

func scalar(f *catalog.Field, text string) any {
	switch f.Type {
	case catalog.Integer, catalog.Number:
		return json.Number(text)
	case catalog.Boolean:
		return text == "true"
	}
	return text
}

// moment returns a bound of the last four weeks for a field of a time or a date.
func moment(f *catalog.Field, now time.Time) (any, bool) {
	at := now
	name := "_" + f.Name + "_"
	end := strings.Contains(name, "_end_") || strings.Contains(name, "_lt_") || strings.Contains(name, "_le_") || strings.Contains(name, "_to_")
	start := strings.Contains(name, "_start_") || strings.Contains(name, "_ge_") || strings.Contains(name, "_gt_") || strings.Contains(name, "_from_") || strings.Contains(name, "_begin_")
	if start {
		at = now.AddDate(0, 0, -28)
	}
	switch {
	case !start && !end:
		return nil, false
	case f.Kind == catalog.KindUnix:
		return scalar(f, strconv.FormatInt(at.Unix(), 10)), true
	case f.Kind == catalog.KindUnixMilli:
		return scalar(f, strconv.FormatInt(at.UnixMilli(), 10)), true
	case f.Type == catalog.String && strings.Contains(f.Name, "date"):
		return at.UTC().Format("2006-01-02"), true
	}
	return nil, false
}
