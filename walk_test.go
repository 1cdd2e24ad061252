package ttshop_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/api/order"
)

// The JSON of each item comes along, page after page, with what no type knows.
func TestRawItem(t *testing.T) {
	t.Parallel()
	client, _ := scripted(t, []answer{
		{status: 200, body: success(`{"next_page_token":"p2","orders":[{"id":"1","new":true},{"id":2}]}`)},
		{status: 200, body: success(`{"next_page_token":"p3","orders":null}`)},
		{status: 200, body: success(`{"orders":[{"id":"3"}]}`)},
	})
	var raw json.RawMessage
	var meta ttshop.Meta
	var got []string
	for o, err := range order.New(client.Shop("c")).SearchAll(t.Context(), &order.SearchParams{PageSize: 2}, ttshop.RawItem(&raw), ttshop.CaptureMeta(&meta)) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, o.ID+" "+string(raw))
	}
	want := []string{`1 {"id":"1","new":true}`, `2 {"id":2}`, `3 {"id":"3"}`}
	if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("got %q, want %q", got, want)
	}
	if meta.HTTPStatus != 200 {
		t.Error("the caller's meta is empty")
	}
}

func TestRawItemOfAnError(t *testing.T) {
	t.Parallel()
	client, _ := scripted(t, []answer{refusal(400, 36009004)})
	raw := json.RawMessage("old")
	for _, err := range order.New(client.Shop("c")).SearchAll(t.Context(), nil, ttshop.RawItem(&raw)) {
		if !errors.Is(err, ttshop.ErrInvalidRequest) || raw != nil {
			t.Errorf("error %v, raw %s", err, raw)
		}
	}
}
