package hooks

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/webhook/event"
)

func TestReadEventTypes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		words []string
		want  []event.Type
		wrong string
	}{
		{nil, nil, ""},
		{[]string{"12,1", "order-status-change"}, []event.Type{1, 12}, ""},
		{[]string{" Package_Update "}, []event.Type{4}, ""},
		{[]string{"ORDER_STATUS_CHANG"}, nil, "\tORDER_STATUS_CHANGE\n"},
		{[]string{"refund"}, nil, "\tREFUND_SUCCESS\n"},
		{[]string{"message"}, nil, "\tNEW_MESSAGE\n"},
		{[]string{"8"}, nil, `no event "8"`},
		{[]string{""}, nil, `no event ""`},
		{[]string{"1,,2"}, nil, `no event ""`},
	} {
		got, err := readEventTypes(tt.words)
		if !slices.Equal(got, tt.want) || (err == nil) != (tt.wrong == "") || err != nil && (!strings.Contains(err.Error(), tt.wrong) || console.ExitCode(err) != console.ExitUsage) {
			t.Errorf("%q: %v, %v", tt.words, got, err)
		}
	}
}

func TestWindow(t *testing.T) {
	t.Parallel()
	hour := eventsNow.Add(-time.Hour)
	for _, tt := range []struct {
		since, until string
		from, to     time.Time
		wrong        string
	}{
		{"", "", time.Time{}, time.Time{}, ""},
		{"-1h", "", hour, time.Time{}, ""},
		{"-1h", "1700000000", hour, eventsNow, ""},
		{"2023-11-14", "", time.Date(2023, 11, 14, 0, 0, 0, 0, time.UTC), time.Time{}, ""},
		{"soon", "", time.Time{}, time.Time{}, "--since: expected a time"},
		{"", "soon", time.Time{}, time.Time{}, "--until: expected a time"},
		{"-1h", "-1h", hour, hour, "is empty"},
	} {
		from, to, err := (&window{tt.since, tt.until}).read(eventsNow)
		if !from.Equal(tt.from) || !to.Equal(tt.to) || (err == nil) != (tt.wrong == "") || err != nil && !strings.Contains(err.Error(), tt.wrong) {
			t.Errorf("%s to %s: %v, %v, %v", tt.since, tt.until, from, to, err)
		}
	}
}

// TestDataFields holds the description of each type's data against its sample:
// whatever a sample has can be set to what it has.
func TestDataFields(t *testing.T) {
	t.Parallel()
	for _, typ := range event.Types() {
		value, err := field.DecodeJSON(event.Sample(typ))
		if err != nil {
			t.Fatal(err)
		}
		field := dataField(typ)
		data := value.(map[string]any)["data"].(map[string]any)
		for name, old := range data {
			text, isText := old.(string)
			if !isText {
				encoded, err := json.Marshal(old)
				if err != nil {
					t.Fatal(err)
				}
				text = string(encoded)
			}
			s, err := readSettings(typ, []string{name + "=" + text}, eventsNow)
			if err != nil {
				t.Errorf("%s: %v", typ, err)
				continue
			}
			set, err := s.apply(event.Sample(typ)) // any object will do
			if err != nil {
				t.Errorf("%s: %v", typ, err)
			}
			got := set.(map[string]any)[name]
			if list, ok := got.([]any); ok && !isList(old) && len(list) == 1 {
				got = list[0] // one element where the type says that there may be many
			}
			if !reflect.DeepEqual(got, old) {
				t.Errorf("%s: %s becomes %v, want %v", typ, name, got, old)
			}
		}
		if len(data) > 0 && len(field.Fields) == 0 {
			t.Errorf("%s: the data is not described", typ)
		}
	}
}

func isList(v any) bool { _, ok := v.([]any); return ok }

// TestRestoreByHand checks what is said when the former addresses cannot be put
// back, and that the next run knows them.
func TestRestoreByHand(t *testing.T) {
	t.Parallel()
	broken := false
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		answer := `{"code":0,"message":"Success","request_id":"1","data":{"webhooks":[
			{"event_type":"ORDER_STATUS_CHANGE","address":"https://old.example.com/in?a=1&b"},{"event_type":"PACKAGE_UPDATE","address":"https://new.example.com/in"}]}}`
		if broken {
			answer = `{"code":36009003,"message":"broken","request_id":"1"}`
		}
		_, _ = w.Write([]byte(answer))
	}))
	defer server.Close()
	client := ttshop.New("k", "s", ttshop.WithEndpoint(server.URL), ttshop.WithTokenSource(ttshop.StaticToken("t"))).Shop("c")
	notes := filepath.Join(t.TempDir(), "notes.json")
	// A run before was killed after it had set its address for this topic.
	if err := platform.WriteRegistered(notes, platform.Registered{Shop: "c", Address: "https://new.example.com/in", Former: map[string]string{"PACKAGE_UPDATE": "https://older.example.com/"}}); err != nil {
		t.Fatal(err)
	}
	r := &atShop{api: &shopWebhooks{client: client, shop: "c"}, url: "https://new.example.com/in", types: []event.Type{1, 4, 12}, notes: notes}
	restore, err := r.register(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	broken = true
	err = restore()
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		"3 types could not be restored; run\n",
		"\n  ttshop webhooks set ORDER_STATUS_CHANGE 'https://old.example.com/in?a=1&b'\n",
		"\n  ttshop webhooks set PACKAGE_UPDATE https://older.example.com/\n",
		"\n  ttshop webhooks delete RETURN_STATUS_CHANGE\n",
		"broken",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %q in it", err, want)
		}
	}
	if got := readFile(t, notes); !strings.Contains(got, "https://older.example.com/") {
		t.Errorf("the next run does not learn of it: %s", got)
	}
	broken = false
	if err := restore(); err != nil {
		t.Error(err)
	}
	if got := readFile(t, notes); strings.Contains(got, "example") {
		t.Errorf("left behind: %s", got)
	}
}

// eventsNow is the time in these tests.
var eventsNow = time.Unix(1_700_000_000, 0)

// readFile returns what is in a file, nothing where it does not exist.
func readFile(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return string(content)
}
