package answer

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
)

// listPath returns where the result of an operation has its list: that of its
// pages, or an array of objects that is all there is. It is empty if there is
// none.
func listPath(op *catalog.Operation) string {
	if op.Paging != nil {
		return op.Paging.Items
	}
	path := ""
	for _, f := range op.Result {
		switch {
		case f.Name == "errors" || f.Name == "total_count":
		case path == "" && f.Type == catalog.Array && f.Items != nil && f.Items.Type == catalog.Object:
			path = f.Name
		default:
			return ""
		}
	}
	return path
}

// ListPage is one page of a list.
type ListPage struct {
	Items []json.RawMessage
	Next  string // token of the next page; empty: there is none
	Total int    // items of all pages; 0 if the platform does not say
}

// ReadPage takes a page out of an answer.
func ReadPage(paging *catalog.Paging, response *ttshop.Response) (ListPage, error) {
	var p ListPage
	var total struct {
		Count int `json:"total_count"`
	}
	if err := response.Decode(&total); err == nil { // only a hint for people
		p.Total = total.Count
	}
	raw, err := RawAt(response.Data, paging.Items)
	if err != nil {
		return ListPage{}, err
	}
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &p.Items); err != nil {
			return ListPage{}, fmt.Errorf("%s of request %s is not a list: %w", paging.Items, response.RequestID, err)
		}
	}
	if raw, err = RawAt(response.Data, paging.Next); err != nil {
		return ListPage{}, err
	}
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &p.Next); err != nil {
			return ListPage{}, fmt.Errorf("%s of request %s is not a page token: %w", paging.Next, response.RequestID, err)
		}
	}
	return p, nil
}

// RawAt returns the value at a dotted path of an object, nil if it is missing.
func RawAt(data json.RawMessage, path string) (json.RawMessage, error) {
	for name := range strings.SplitSeq(path, ".") {
		if len(data) == 0 {
			return nil, nil
		}
		var object map[string]json.RawMessage
		if err := json.Unmarshal(data, &object); err != nil {
			return nil, fmt.Errorf("look for %s in the answer: %w", path, err)
		}
		data = object[name]
	}
	return data, nil
}

// NounOf names the items of a list, such as orders.
func NounOf(op *catalog.Operation) string {
	path := listPath(op)
	if path == "" {
		return "items"
	}
	return strings.ReplaceAll(path[strings.LastIndexByte(path, '.')+1:], "_", " ")
}
