package pages

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// requestsPerPage is how many requests the list shows.
const requestsPerPage = 100

// requestRow is a request in the list.
type requestRow struct {
	gate.LogEntry
	Shop string // name
}

type requestsData struct {
	Path    string
	Search  string
	Failed  bool
	Before  int64
	Rows    []requestRow
	Older   string // link
	HAR     string // link
	Newest  int64
	Capped  int
	BaseURL string
}

// Filtered tells whether not all requests are shown.
func (d requestsData) Filtered() bool { return d.Path != "" || d.Search != "" || d.Failed }

func (s *Site) requestsView(r *http.Request) view {
	query := r.URL.Query()
	data := requestsData{
		Path: query.Get("path"), Search: strings.TrimSpace(query.Get("q")), Failed: query.Get("failed") != "",
		Capped: gate.LogCapacity, BaseURL: baseURL(r),
	}
	data.Before, _ = strconv.ParseInt(query.Get("before"), 10, 64) // anything but a number is the start
	filter := gate.LogFilter{Limit: requestsPerPage, Path: data.Path, Failed: data.Failed, Before: data.Before}
	if data.Search != "" {
		filter.Mentions = []string{data.Search}
	}
	var more bool
	data.Rows, more = s.requestRows(filter)
	if len(data.Rows) > 0 {
		data.Newest = data.Rows[0].ID
	}
	chosen := []string{"path", data.Path, "q", data.Search, "failed", query.Get("failed")}
	if more {
		last := data.Rows[len(data.Rows)-1].ID
		data.Older = webLink("requests", append(chosen, "before", strconv.FormatInt(last, 10))...)
	}
	data.HAR = linkTo("/_sandbox/har", chosen...)
	return view{template: "requests", title: "Requests", data: data}
}

// requestRows returns the requests that fit, the newest first, and whether there
// are more.
func (s *Site) requestRows(f gate.LogFilter) (rows []requestRow, more bool) {
	found, more := s.Log.Search(f)
	names := map[string]string{}
	for _, shop := range s.State.Load().World.Shops {
		names[shop.ID] = shop.Name
	}
	for _, e := range found {
		rows = append(rows, requestRow{e, names[e.ShopID]})
	}
	return rows, more
}

// baseURL is the address under which the reader of a page reached the sandbox.
func baseURL(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
