package pages

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/authority"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

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
	Things   []thing   // that it names
	Raised   string    // link to the webhooks about them
	Why      string    // it cannot be sent again; "" where it can
	Copies   []snippet // of it in other languages
	Replay   replayForm
}

// replayForm is what the form of a replay starts with.
type replayForm struct {
	Query  string // a parameter a line
	Body   string
	Grants []grantChoice
}

// grantChoice is a user for whom a request can be sent.
type grantChoice struct {
	ID, Name string
	Current  bool
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
	data.Things = s.thingsIn(shown.Path, strings.Join(slices.Collect(maps.Values(shown.Query)), " "), shown.RequestBody, shown.ResponseBody)
	if err := s.Replayable(id); err != nil {
		data.Why = err.Error()
	} else {
		data.Copies = snippets(s.recipe(baseURL(r), &shown))
		data.Replay = s.replayForm(r, &shown)
	}
	return view{template: "request", title: shown.Method + " " + shown.Path, data: data}
}

// replayForm fills the form with what was sent, or with what was typed where the
// form comes back.
func (s *Site) replayForm(r *http.Request, shown *gate.RequestView) replayForm {
	var lines []string
	for _, p := range sortedPairs(gate.Unsigned(shown.Query)) {
		lines = append(lines, p.Name+"="+p.Value)
	}
	form := replayForm{Query: strings.Join(lines, "\n"), Body: shown.Sent}
	chosen := shown.Grant
	if r.PostForm.Has("query") {
		form.Query, form.Body, chosen = r.PostFormValue("query"), r.PostFormValue("body"), r.PostFormValue("grant")
	}
	a := s.State.Load().Authority
	a.Mu.RLock()
	defer a.Mu.RUnlock()
	var app *authority.App
	if app = a.AppWith(func(known *authority.App) bool { return known.Key == shown.AppKey }); app == nil {
		app = a.Apps[0]
	}
	for _, g := range a.Grants {
		if g.App == app && !g.Revoked {
			form.Grants = append(form.Grants, grantChoice{g.ID, g.Name, g.ID == chosen})
		}
	}
	return form
}

// replayRequest sends a request once more and leads to the new one.
func (s *Site) replayRequest(r *http.Request) (string, error) {
	id := r.PathValue("id")
	query, err := readQuery(r.PostFormValue("query"))
	if err != nil {
		return "", err
	}
	// Browsers end the lines of a form with CR and LF.
	body, grant := strings.ReplaceAll(r.PostFormValue("body"), "\r\n", "\n"), r.PostFormValue("grant")
	answer, err := s.steer(r, http.MethodPost, "requests/"+pathSegment(id)+"/replay", gate.Replay{Query: query, Body: &body, Grant: &grant})
	if err != nil {
		return "", err
	}
	var sent struct {
		ID int64 `json:"id"`
	}
	if err := json.Unmarshal(answer, &sent); err != nil {
		return "", fmt.Errorf("reading the outcome of the replay: %w", err)
	}
	return webLink("requests/"+strconv.FormatInt(sent.ID, 10), "done", "replayed"), nil
}

// readQuery reads parameters, one a line.
func readQuery(text string) (map[string]string, error) {
	query := map[string]string{}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if strings.TrimSpace(line) == "" {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		name = strings.TrimSpace(name)
		if !ok || name == "" {
			return nil, errors.New("the query line " + strconv.Quote(line) + " is not name=value, such as page_size=20")
		}
		query[name] = value
	}
	return query, nil
}
