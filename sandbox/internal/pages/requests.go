package pages

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// requestsPerPage is how many requests the list shows.
const requestsPerPage = 100

// requestFilter says which requests are shown.
type requestFilter struct {
	limit  int
	path   string // prefix
	failed bool   // only those without success
	before int64  // id; 0 means from the newest one
}

// requestRow is a request in the list.
type requestRow struct {
	gate.LogRecord
	Fault    string
	Warnings []string
}

// browse returns requests, the newest first, and whether there are more.
func browse(l *gate.RequestLog, f requestFilter) (rows []requestRow, more bool) {
	l.Mu.Lock()
	defer l.Mu.Unlock()
	from := l.Count
	if f.before > 0 {
		from = min(from, f.before-1)
	}
	for id := from; id > max(0, l.Count-gate.LogCapacity); id-- {
		slot := &l.Ring[id%gate.LogCapacity]
		if !strings.HasPrefix(slot.Path, f.path) || f.failed && !slot.Failed() {
			continue
		}
		if len(rows) == f.limit {
			return rows, true
		}
		rows = append(rows, requestRow{slot.LogRecord, slot.Fault, slot.Warnings})
	}
	return rows, false
}

type requestsData struct {
	Path    string
	Failed  bool
	Before  int64
	Rows    []requestRow
	Older   string // link
	Newest  int64
	AppKey  string
	Capped  int
	BaseURL string
}

func (s *Site) requestsView(r *http.Request) view {
	query := r.URL.Query()
	data := requestsData{Path: query.Get("path"), Failed: query.Get("failed") != "", Capped: gate.LogCapacity, BaseURL: "http://" + r.Host}
	data.Before, _ = strconv.ParseInt(query.Get("before"), 10, 64) // anything but a number is the start
	var more bool
	data.Rows, more = browse(&s.Log, requestFilter{requestsPerPage, data.Path, data.Failed, data.Before})
	if len(data.Rows) > 0 {
		data.Newest = data.Rows[0].ID
	}
	if more {
		last := data.Rows[len(data.Rows)-1].ID
		data.Older = webLink("requests", "path", data.Path, "failed", query.Get("failed"), "before", strconv.FormatInt(last, 10))
	}
	return view{template: "requests", title: "Requests", data: data}
}

// pair is a name with its value.
type pair struct{ Name, Value string }

// sortedPairs returns a map in the order of its names.
func sortedPairs(m map[string]string) []pair {
	var list []pair
	for _, name := range slices.SortedFunc(maps.Keys(m), func(a, b string) int {
		return cmp.Or(strings.Compare(strings.ToLower(a), strings.ToLower(b)), strings.Compare(a, b))
	}) {
		list = append(list, pair{name, m[name]})
	}
	return list
}

type requestData struct {
	gate.RequestView
	Pieces   []gate.CanonicalPiece
	Query    []pair
	Headers  []pair
	Shop     string // name
	Template string // of the path, where it has parameters
	Summary  string // of the operation
	Previous int64  // 0 for none
	Next     int64
}

func (s *Site) requestView(r *http.Request) view {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	shown, ok := s.Log.Find(id)
	if err != nil || !ok {
		return notFound("The log does not have this request, or not any more: it remembers the last " + strconv.Itoa(gate.LogCapacity) + ".")
	}
	data := requestData{RequestView: shown, Pieces: shown.CanonicalPieces, Query: sortedPairs(shown.Query), Headers: sortedPairs(shown.Headers)}
	if shop := s.State.Load().World.ShopByID(shown.ShopID); shop != nil {
		data.Shop = shop.Name
	}
	if methods, _ := s.Router.Find(shown.Path); methods != nil && methods[shown.Method] != nil {
		route := methods[shown.Method]
		data.Summary = route.Spec().Summary
		if route.Path != shown.Path {
			data.Template = route.Path
		}
	}
	if _, ok := s.Log.Find(id - 1); ok {
		data.Previous = id - 1
	}
	if _, ok := s.Log.Find(id + 1); ok {
		data.Next = id + 1
	}
	return view{template: "request", title: shown.Method + " " + shown.Path, data: data}
}
