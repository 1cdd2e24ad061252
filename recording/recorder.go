package recording

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/ttshop-go/ttshop/catalog"
)

// Options say how recordings are written.
type Options struct {
	// Source says where answers come from: market and kind of shop, such as "VN,
	// development shop". The month is added.
	Source string
	// Items is how many items of a list are kept; zero means 5.
	Items int
	// PerOperation is how many answers of one operation are written; zero means 3.
	PerOperation int
	// Now is the clock; the default is [time.Now].
	Now func() time.Time
}

// A Recorder writes recordings into a folder, a file for each answer that shows
// something new. It is safe for concurrent use.
type Recorder struct {
	dir     string
	options Options
	catalog catalog.Catalog

	mu      sync.Mutex
	masker  *masker
	secrets map[string]bool            // of the requests so far
	seen    map[string]map[string]bool // operation: the structures that were written
	files   []string
	errs    []error
}

// A file is a recording as it is written.
type file struct {
	Operation string `json:"operation"`
	Source    string `json:"source"`
	Data      any    `json:"data"`
}

// New returns a recorder that writes into a folder, which is made if need be.
func New(dir string, options Options) (*Recorder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("folder of recordings: %w", err)
	}
	if options.Items <= 0 {
		options.Items = 5
	}
	if options.PerOperation <= 0 {
		options.PerOperation = 3
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	return &Recorder{
		dir: dir, options: options, masker: newMasker(options.Items),
		secrets: map[string]bool{}, seen: map[string]map[string]bool{},
	}, nil
}

// Files returns the names of the files that were written, in order.
func (r *Recorder) Files() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.files)
}

// Err returns what could not be recorded. A call never fails for it.
func (r *Recorder) Err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return errors.Join(r.errs...)
}

// Transport returns a transport that records the answers that next receives;
// nil means [http.DefaultTransport].
func (r *Recorder) Transport(next http.RoundTripper) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
	}
	return transport{r, next}
}

type transport struct {
	recorder *Recorder
	next     http.RoundTripper
}

// RoundTrip implements http.RoundTripper. The caller reads the answer as it came.
func (t transport) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := t.next.RoundTrip(request)
	if err != nil || response.StatusCode != http.StatusOK || response.Header.Get("Content-Encoding") != "" {
		return response, err
	}
	response.Body = &heard{ReadCloser: response.Body, end: func(body []byte) { t.recorder.hear(request, body) }}
	return response, nil
}

// mostHeard is how much of an answer is kept for its recording. A larger one is
// not recorded.
const mostHeard = 32 << 20

// heard is a body that is kept while it is read.
type heard struct {
	io.ReadCloser
	body bytes.Buffer
	end  func([]byte) // called once with the whole body
}

// Read implements io.Reader.
func (h *heard) Read(p []byte) (int, error) {
	n, err := h.ReadCloser.Read(p)
	if h.body.Len() <= mostHeard {
		h.body.Write(p[:n])
	}
	if err == io.EOF && h.end != nil && h.body.Len() <= mostHeard {
		h.end(h.body.Bytes())
		h.end = nil
	}
	return n, err
}

// secretParams are parameters of a query that give access.
var secretParams = []string{"app_key", "sign", "access_token", "shop_cipher", "category_asset_cipher"}

// hear records an answer. What is not a success with data is left out.
func (r *Recorder) hear(request *http.Request, body []byte) {
	var answer struct {
		Code json.Number
		Data any
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if decoder.Decode(&answer) != nil || answer.Code != "0" {
		return
	}
	data, ok := answer.Data.(map[string]any)
	if !ok || len(data) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.secrets[request.Header.Get("X-Tts-Access-Token")] = true
	for _, name := range secretParams {
		r.secrets[request.URL.Query().Get(name)] = true
	}
	delete(r.secrets, "")
	if err := r.record(request.Method, request.URL.Path, data); err != nil {
		r.errs = append(r.errs, fmt.Errorf("record the answer to %s %s: %w", request.Method, templateOf(request.URL.Path), err))
	}
}

// record writes the data of an answer.
func (r *Recorder) record(method, path string, data map[string]any) error {
	recorded := file{Operation: method + " " + templateOf(path), Source: r.source()}
	name := fileName(method + templateOf(path))
	var fields []catalog.Field
	if entry, ok := r.catalog.Find(method, path); ok {
		op, err := r.catalog.Describe(entry)
		if err != nil {
			return err
		}
		fields = op.Result
		recorded.Operation, name = entry.Method+" "+entry.Path, fileName(entry.Domain+entry.Name)
	}
	recorded.Data = r.masker.data(fields, data)
	structure := structureOf(recorded.Data)
	seen := r.seen[recorded.Operation]
	if seen == nil {
		seen = map[string]bool{}
		r.seen[recorded.Operation] = seen
	}
	if seen[structure] || len(seen) >= r.options.PerOperation {
		return nil
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(recorded); err != nil {
		return err
	}
	for secret := range r.secrets {
		if bytes.Contains(text.Bytes(), []byte(secret)) {
			return errors.New("it would show a secret of the request, and was not written")
		}
	}
	if err := r.write(name, text.Bytes()); err != nil {
		return err
	}
	seen[structure] = true
	return nil
}

// source says where and when an answer was recorded.
func (r *Recorder) source() string {
	month := r.options.Now().UTC().Format("2006-01")
	if r.options.Source == "" {
		return month
	}
	return r.options.Source + ", " + month
}

// write makes a file with a name of its own: recordings of earlier sessions stay.
func (r *Recorder) write(name string, content []byte) error {
	for n := 1; ; n++ {
		full := name + ".json"
		if n > 1 {
			full = fmt.Sprintf("%s_%d.json", name, n)
		}
		f, err := os.OpenFile(filepath.Join(r.dir, full), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, os.ErrExist) {
			continue
		}
		if err != nil {
			return err
		}
		_, err = f.Write(content)
		if err := errors.Join(err, f.Close()); err != nil {
			return errors.Join(err, os.Remove(f.Name()))
		}
		r.files = append(r.files, full)
		return nil
	}
}

var (
	plainSegment = regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	dateSegment  = regexp.MustCompile(`^\d{6}$`)
)

// templateOf returns a path that the catalogue does not know with {id} for each
// segment that may be a value.
func templateOf(path string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		if s != "" && !plainSegment.MatchString(s) && !dateSegment.MatchString(s) {
			segments[i] = "{id}"
		}
	}
	return strings.Join(segments, "/")
}

// fileName makes a name of a file of an operation: order_get_order_list.
func fileName(name string) string {
	var b strings.Builder
	for _, c := range name {
		switch {
		case unicode.IsUpper(c):
			b.WriteByte('_')
			b.WriteRune(unicode.ToLower(c))
		case unicode.IsLower(c) || unicode.IsDigit(c):
			b.WriteRune(c)
		default:
			b.WriteByte('_')
		}
	}
	words := strings.FieldsFunc(b.String(), func(c rune) bool { return c == '_' })
	return strings.Join(words, "_")
}

// structureOf names the members of data with the words that they hold, so that a
// second answer of the same kind is recognised.
func structureOf(data any) string {
	found := map[string]bool{}
	var walk func(path string, value any)
	walk = func(path string, value any) {
		switch v := value.(type) {
		case map[string]any:
			for name, member := range v {
				walk(path+"."+name, member)
			}
		case []any:
			for _, item := range v {
				walk(path+"[]", item)
			}
			if len(v) == 0 {
				found[path+"[]"] = true
			}
		case string:
			if word.MatchString(v) {
				path += "=" + v
			}
			found[path] = true
		default:
			found[path] = true
		}
	}
	walk("", data)
	return strings.Join(slices.Sorted(maps.Keys(found)), "\n")
}
