package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"mime"
	"mime/multipart"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/ttshop-go/ttshop/internal/testdiff"
)

func TestAppendQuery(t *testing.T) {
	t.Parallel()
	params := []Param{{"a", "1,2"}, {"b", "aGVs+bG8/d29ybGQ=="}, {"c", ""}, {"d", "é &?;"}}
	got := string(AppendQuery(nil, params))
	if want := "a=1%2C2&b=aGVs%2BbG8%2Fd29ybGQ%3D%3D&c=&d=%C3%A9%20%26%3F%3B"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	values, err := url.ParseQuery(got)
	if err != nil {
		t.Fatal(err)
	}
	if diff := testdiff.Diff(params, Values(values)); diff != "" {
		t.Errorf("a server reads other values (-sent +read):\n%s", diff)
	}
}

func TestExpandPath(t *testing.T) {
	t.Parallel()
	lookup := func(name string) (string, bool) {
		value, ok := map[string]string{"id": "17", "odd": "a/b c?é", "dots": "..", "none": ""}[name]
		return value, ok
	}
	tests := []struct{ template, want, err string }{
		{"/order/202309/orders", "/order/202309/orders", ""},
		{"/a/{id}/b/{id}", "/a/17/b/17", ""},
		{"/a/{odd}", "/a/a%2Fb%20c%3F%C3%A9", ""},
		{"/a/{none}", "", "path parameter none is empty"},
		{"/a/{missing}", "", "path parameter missing is empty"},
		{"/a/{dots}", "", `path parameter dots is ".."`},
	}
	for _, tt := range tests {
		got, err := ExpandPath(tt.template, lookup)
		if got != tt.want || (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("ExpandPath(%s) = %q, %v; want %q, %q", tt.template, got, err, tt.want, tt.err)
		}
	}
}

func TestCheckPath(t *testing.T) {
	t.Parallel()
	for path, ok := range map[string]bool{
		"/order/202309/orders": true, "/a/b%20c": true, "/a/~b-c_d.e": true,
		"": false, "order": false, "//host/x": false, "https://host/x": false, "/a?b=c": false, "/a#b": false, "/a b": false, "/a%zz": false, "/a\nb": false, "/é": false,
	} {
		if err := CheckPath(path); (err == nil) != ok {
			t.Errorf("CheckPath(%q) = %v, want ok %v", path, err, ok)
		}
	}
}

type testParams struct {
	ID     string   `path:"id" json:"-"`
	Size   int      `query:"page_size" json:"-"`
	Token  string   `query:"page_token,omitempty" json:"-"`
	Flag   *bool    `query:"flag,omitempty" json:"-"`
	Count  *int64   `query:"count,omitempty" json:"-"`
	IDs    []string `query:"ids,omitempty" json:"-"`
	Stock  *int     `json:"stock,omitempty"`
	Live   *bool    `json:"live,omitempty"`
	Tags   []string `json:"tags,omitzero"`
	Amount string   `json:"amount,omitempty"`
}

func TestEncode(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		params testParams
		query  string
		body   string
	}{
		{"unset", testParams{}, "page_size=0", ""},
		{"zeros reach the wire", testParams{Flag: new(false), Count: new(int64(0)), Stock: new(0), Live: new(false), Tags: []string{}}, "page_size=0&flag=false&count=0", `{"stock":0,"live":false,"tags":[]}`},
		{"set", testParams{Size: 5, Token: "a+b==", IDs: []string{"1", "2"}, Amount: "<1&2>"}, "page_size=5&page_token=a%2Bb%3D%3D&ids=1%2C2", `{"amount":"<1&2>"}`},
	}
	var enc Encoder
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.params.ID = "7"
			before := tt.params
			got, err := enc.Encode("/x/{id}", &tt.params)
			if err != nil {
				t.Fatal(err)
			}
			if got.Path != "/x/7" {
				t.Errorf("path = %s", got.Path)
			}
			if query := string(AppendQuery(nil, got.Query)); query != tt.query {
				t.Errorf("query = %s, want %s", query, tt.query)
			}
			if string(got.JSON) != tt.body {
				t.Errorf("body = %s, want %s", got.JSON, tt.body)
			}
			if diff := testdiff.Diff(before, tt.params); diff != "" {
				t.Errorf("the params were changed:\n%s", diff)
			}
		})
	}
	for _, params := range []any{nil, (*testParams)(nil)} {
		if _, err := enc.Encode("/x", params); err != nil {
			t.Errorf("Encode(%T nil): %v", params, err)
		}
	}
	for _, params := range []any{testParams{}, 7, new(int), &struct {
		hidden string `query:"a"`
	}{}} {
		if _, err := enc.Encode("/x", params); err == nil {
			t.Errorf("Encode(%T): no error", params)
		}
	}
}

// A parameter with a default is sent as that while it is zero.
func TestEncodeDefault(t *testing.T) {
	t.Parallel()
	type params struct {
		Size int    `query:"page_size,default=100" json:"-"`
		Sort string `query:"sort,default=create_time" json:"-"`
	}
	for want, p := range map[string]params{
		"page_size=100&sort=create_time": {},
		"page_size=5&sort=a":             {Size: 5, Sort: "a"},
	} {
		got, err := new(Encoder).Encode("/x", &p)
		if query := string(AppendQuery(nil, got.Query)); err != nil || query != want {
			t.Errorf("query = %s, want %s (error %v)", query, want, err)
		}
	}
}

func TestFormStreams(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "front.jpg")
	if err := os.WriteFile(path, []byte("from disk"), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	form := Form{
		Fields: []Param{{"use_case", "MAIN_IMAGE"}},
		Files:  []FormFile{{"data", `a/"front".jpg`, "image/jpeg", file}, {"more", "", "", strings.NewReader("in memory")}},
	}
	body, contentType, length, err := form.Reader()
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	if length != int64(len(content)) {
		t.Errorf("length = %d, the body has %d bytes", length, len(content))
	}
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	got, err := multipart.NewReader(bytes.NewReader(content), params["boundary"]).ReadForm(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	if got.Value["use_case"][0] != "MAIN_IMAGE" || got.File["data"][0].Filename != `"front".jpg` || got.File["data"][0].Size != 9 || got.File["more"][0].Filename != "more" {
		t.Errorf("form = %+v", got)
	}
	if got := got.File["data"][0].Header.Get("Content-Type"); got != "image/jpeg" {
		t.Errorf("content type = %s", got)
	}
	if !form.Replayable() {
		t.Error("a form of a file and a string cannot be replayed")
	}
	again, _, _, err := form.Reader()
	if err != nil {
		t.Fatal(err)
	}
	if second, err := io.ReadAll(again); err != nil || !strings.Contains(string(second), "from disk") || !strings.Contains(string(second), "in memory") {
		t.Errorf("the second reading gives %q, %v", second, err)
	}
	once := Form{Files: []FormFile{{Field: "data", Content: io.MultiReader(strings.NewReader("x"))}}}
	if _, _, length, err := once.Reader(); err != nil || length != -1 || once.Replayable() {
		t.Errorf("of a plain reader: length = %d, error %v; want -1", length, err)
	}
}

type order struct {
	ID     string            `json:"id"`
	Time   int64             `json:"create_time"`
	Count  int               `json:"count"`
	Rate   float64           `json:"rate"`
	COD    bool              `json:"is_cod"`
	Lines  []order           `json:"lines"`
	Parent *order            `json:"parent"`
	Extra  map[string]string `json:"extra"`
	Raw    json.RawMessage   `json:"raw"`
}

func TestDecodeForgives(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, data string
		want       order
	}{
		{"as declared", `{"id":"1","create_time":2,"is_cod":true}`, order{ID: "1", Time: 2, COD: true}},
		{"number for string, beyond a float", `{"id":576461413038785752}`, order{ID: "576461413038785752"}},
		{"string for number", `{"create_time":"1700000000","count":"","rate":"0.5"}`, order{Time: 1700000000, Rate: 0.5}},
		{"whole float for integer", `{"count":3.0}`, order{Count: 3}},
		{"string for boolean", `{"is_cod":"true"}`, order{COD: true}},
		{"number for boolean", `{"is_cod":1}`, order{COD: true}},
		{"boolean for string", `{"id":true}`, order{ID: "true"}},
		{"nulls", `{"id":null,"lines":null,"create_time":null,"count":"4"}`, order{Count: 4}},
		{"empty string for object and list", `{"lines":"","parent":"","id":"1"}`, order{ID: "1"}},
		{"nested", `{"lines":[{"id":1},{"id":2,"parent":{"id":3}}],"extra":{"a":1}}`, order{Lines: []order{{ID: "1"}, {ID: "2", Parent: &order{ID: "3"}}}, Extra: map[string]string{"a": "1"}}},
		{"raw", `{"id":1,"raw":[1,2.50]}`, order{ID: "1", Raw: json.RawMessage(`[1,2.50]`)}},
		{"string with sign and zeros for number", `{"create_time":"+007"}`, order{Time: 7}},
		{"unknown fields", `{"id":1,"new":{"x":[1]}}`, order{ID: "1"}},
		{"null", `null`, order{}},
		{"nothing", ``, order{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got order
			if err := Decode([]byte(tt.data), &got); err != nil {
				t.Fatal(err)
			}
			if diff := testdiff.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	for _, data := range []string{`{"count":"many"}`, `{"count":1.5}`, `{"is_cod":"maybe"}`, `{"lines":{}}`, `{`, `{"id":1}}`} {
		if err := Decode([]byte(data), new(order)); err == nil {
			t.Errorf("Decode(%s): no error", data)
		}
	}
}

// Webhooks hold one object where a list is meant and the reverse; answers do not.
func TestDecodeEventTakesOneForMany(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]order{
		`{"lines":{"id":1}}`:                     {Lines: []order{{ID: "1"}}},
		`{"lines":[{"id":"1"},{"id":2}]}`:        {Lines: []order{{ID: "1"}, {ID: "2"}}},
		`{"parent":[{"id":3}]}`:                  {Parent: &order{ID: "3"}},
		`{"lines":"","parent":"","count":"4"}`:   {Count: 4},
		`{"id":1,"raw":"7"}`:                     {ID: "1", Raw: json.RawMessage(`"7"`)},
		`{"create_time":"1700000000","count":3}`: {Time: 1700000000, Count: 3},
	} {
		var got order
		if err := DecodeEvent([]byte(data), &got); err != nil {
			t.Errorf("%s: %v", data, err)
			continue
		}
		if diff := testdiff.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", data, diff)
		}
	}
	for _, data := range []string{`{"parent":[{"id":1},{"id":2}]}`, `{"count":"many"}`, `{"lines":[[{"id":1},{"id":2}]]}`} {
		if err := DecodeEvent([]byte(data), new(order)); err == nil {
			t.Errorf("DecodeEvent(%s): no error", data)
		}
	}
	for _, data := range []string{`{"lines":{"id":1}}`, `{"parent":[{"id":3}]}`} {
		if err := Decode([]byte(data), new(order)); err == nil {
			t.Errorf("Decode(%s): no error", data)
		}
	}
}

func TestDecodeEnvelope(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, answer string
		want         Envelope
		data         order
		err          error
	}{
		{"success", `{"code":0,"message":"Success","request_id":"r","data":{"id":"1"}}`, Envelope{Message: "Success", RequestID: "r"}, order{ID: "1"}, nil},
		{"forgiven", `{"code":"0","message":"Success","request_id":5,"data":{"id":1}}`, Envelope{Message: "Success", RequestID: "5"}, order{ID: "1"}, nil},
		{"refused, null", `{"code":106001,"message":"m","request_id":"r","data":null}`, Envelope{Code: 106001, Message: "m", RequestID: "r"}, order{}, nil},
		{"refused, odd data", `{"code":106001,"message":"m","request_id":"r","data":"none"}`, Envelope{Code: 106001, Message: "m", RequestID: "r"}, order{}, nil},
		{"no data", `{"code":0}`, Envelope{}, order{}, nil},
		{"other JSON", `{"hello":"world"}`, Envelope{}, order{}, ErrNotEnvelope},
		{"a list", `[]`, Envelope{}, order{}, ErrNotEnvelope},
		{"a page", `<html>`, Envelope{}, order{}, ErrNotEnvelope},
		{"cut", `{"code":0,"message":"Succ`, Envelope{}, order{}, ErrNotEnvelope},
		{"empty", ``, Envelope{}, order{}, ErrNotEnvelope},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var data order
			got, err := DecodeEnvelope([]byte(tt.answer), &data)
			if !errors.Is(err, tt.err) {
				t.Fatalf("error %v, want %v", err, tt.err)
			}
			if err != nil {
				return
			}
			got.Data = nil
			if got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
			if diff := testdiff.Diff(tt.data, data); diff != "" {
				t.Errorf("data -want +got:\n%s", diff)
			}
		})
	}
	if _, err := DecodeEnvelope([]byte(`{"code":0,"data":{"count":"many"}}`), new(order)); err == nil || errors.Is(err, ErrNotEnvelope) {
		t.Errorf("data of a wrong type: error %v", err)
	}
}

func TestReadLimited(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		length int64
		body   string
		err    error
	}{
		{5, "12345", nil}, {-1, "12345", nil}, {0, "", nil}, {-1, "", nil},
		{6, "123456", ErrTooLarge}, {-1, "123456", ErrTooLarge}, {5, "123", io.ErrUnexpectedEOF},
	} {
		got, err := ReadLimited(strings.NewReader(tt.body), tt.length, 5)
		if !errors.Is(err, tt.err) || err == nil && string(got) != tt.body {
			t.Errorf("ReadLimited(%q, %d) = %q, %v; want error %v", tt.body, tt.length, got, err, tt.err)
		}
	}
}

// What is read is the same however small the first buffer is and however the
// bytes come.
func TestReadGrowing(t *testing.T) {
	t.Parallel()
	for seed := range uint64(100) {
		random := rand.New(rand.NewPCG(seed, 0))
		body := make([]byte, random.IntN(5001))
		for i := range body {
			body[i] = byte(random.Uint32())
		}
		first := 1 + random.Int64N(6000)
		length := int64(len(body))
		if random.IntN(2) == 0 {
			length = -1
		}
		got, err := ReadGrowing(iotest.OneByteReader(bytes.NewReader(body)), length, 5000, first)
		if err != nil || !bytes.Equal(got, body) {
			t.Fatalf("seed %d: %d of %d bytes, %v", seed, len(got), len(body), err)
		}
		if _, err := ReadGrowing(bytes.NewReader(body), int64(len(body))+1, 6000, first); err == nil {
			t.Fatalf("seed %d: an answer that is cut counts as whole", seed)
		}
	}
}

// The memory for an answer follows what came.
func TestReadGrowingMemory(t *testing.T) {
	t.Parallel()
	for _, came := range []int64{0, 1, 1000, 1024, 5000, 100_000} {
		got, err := ReadGrowing(bytes.NewReader(make([]byte, came)), 31<<20, 32<<20, 1024)
		if err == nil || int64(len(got)) != came || int64(cap(got)) > max(1024, 4*came) {
			t.Errorf("%d bytes came: %d are kept in %d, %v", came, len(got), cap(got), err)
		}
	}
}

func FuzzDecodeEnvelope(f *testing.F) {
	f.Add([]byte(`{"code":"0","message":"Success","request_id":5,"data":{"id":1,"lines":[{"count":"4"}]}}`))
	f.Add([]byte(`{"code":0,"data":{"raw":[1,2.50],"extra":{"a":1},"parent":""}}`))
	f.Fuzz(func(t *testing.T, answer []byte) {
		var got order
		envelope, err := DecodeEnvelope(answer, &got)
		if err != nil || envelope.Code != 0 {
			return
		}
		// Whatever was understood must be understood again when it is written.
		again, err := json.Marshal(got)
		if err != nil {
			t.Fatalf("decoded a value that cannot be encoded: %v", err)
		}
		var second order
		if err := Decode(again, &second); err != nil {
			t.Fatalf("decode again: %v", err)
		}
	})
}

// FuzzSplit holds the quick pass against encoding/json.
func FuzzSplit(f *testing.F) {
	f.Add([]byte(`{"code":0,"message":"Succ\\"ess","request_id":"r","data":{"a":["}",{"b":"\\\\"}],"c":-1.5e3}}`))
	f.Add([]byte(` { "data" : null , "code" : 1 } `))
	f.Add([]byte(`{"code":0,"code":1,"data":[],"data":{}}`))
	f.Fuzz(func(t *testing.T, answer []byte) {
		p, ok := split(answer)
		if !ok || !json.Valid(answer) {
			return // an answer that is not valid shows when its data is decoded
		}
		var want struct {
			Code      json.RawMessage `json:"code"`
			Message   json.RawMessage `json:"message"`
			RequestID json.RawMessage `json:"request_id"`
			Data      json.RawMessage `json:"data"`
		}
		if err := json.Unmarshal(answer, &want); err != nil {
			t.Fatal(err)
		}
		for name, pair := range map[string][2][]byte{
			"code": {p.code, want.Code}, "message": {p.message, want.Message}, "request_id": {p.requestID, want.RequestID}, "data": {p.data, want.Data},
		} {
			if !bytes.Equal(pair[0], pair[1]) {
				t.Errorf("%s is %s, want %s", name, pair[0], pair[1])
			}
		}
	})
}
