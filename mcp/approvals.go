package mcp

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Approvals is the folder in which writes wait for a person, and where the person's
// decision is left by "ttshop mcp approve" or its page. Only its owner can use it:
// who may write there may approve, so the assistant's host must not be another
// program of a user who is not to.
type Approvals struct{ dir string }

// OpenApprovals opens a folder, and makes it if it is not there.
func OpenApprovals(dir string) (*Approvals, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder for approvals: %w", err)
	}
	if err := os.Chmod(dir, 0o700); err != nil { //nolint:gosec // a folder needs the x
		return nil, fmt.Errorf("close the folder for approvals to others: %w", err)
	}
	return &Approvals{dir}, nil
}

// Waiting is a write that waits for a person.
type Waiting struct {
	Code      string          `json:"code"`
	Hash      string          `json:"hash"` // of the request
	Client    string          `json:"client"`
	Operation string          `json:"operation"`
	Does      string          `json:"does"`
	Risk      Risk            `json:"risk"`
	Shop      Shop            `json:"shop"`
	Method    string          `json:"method"`
	Path      string          `json:"path"`
	Query     string          `json:"query,omitempty"`
	Body      json.RawMessage `json:"body,omitempty"`
	Now       json.RawMessage `json:"now,omitempty"` // what it changes, as it was when it was planned
	Sandbox   bool            `json:"sandbox,omitempty"`
	Expires   time.Time       `json:"expires"`
}

// Decision is what a person decided.
type Decision struct {
	Hash     string `json:"hash"` // of the request that the person was shown
	Approved bool   `json:"approved"`
}

var codeForm = regexp.MustCompile(`^[A-Z2-7]{8}$`)

// path returns the file of a code, and an error for what is not a code.
func (a *Approvals) path(code, kind string) (string, error) {
	code = strings.ToUpper(strings.ReplaceAll(code, "-", ""))
	if !codeForm.MatchString(code) {
		return "", errors.New("a code has eight letters and digits, such as K7Q2-M4XD")
	}
	return filepath.Join(a.dir, code+"."+kind), nil
}

// write puts a value into a file that nobody has written before.
func write(path string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	err = errors.Join(err, file.Close())
	if err == nil {
		err = os.Link(file.Name(), path) // fails if there is one: the first decision counts
	}
	return errors.Join(err, os.Remove(file.Name()))
}

// ask leaves a write for a person.
func (a *Approvals) ask(w Waiting) error {
	path, err := a.path(w.Code, "waiting")
	if err == nil {
		err = write(path, w)
	}
	if err != nil {
		return fmt.Errorf("ask for approval: %w", err)
	}
	return nil
}

// List returns the writes that wait, the oldest first, and forgets those whose time
// is over.
func (a *Approvals) List(now time.Time) ([]Waiting, error) {
	names, err := filepath.Glob(filepath.Join(a.dir, "*.waiting"))
	if err != nil {
		return nil, fmt.Errorf("list what waits: %w", err)
	}
	var all []Waiting
	for _, name := range names {
		code := strings.TrimSuffix(filepath.Base(name), ".waiting")
		w, err := a.Find(code, now)
		if errors.Is(err, fs.ErrNotExist) {
			a.drop(code)
			continue
		}
		if err != nil {
			return nil, err
		}
		if _, err := os.Stat(filepath.Join(a.dir, code+".decided")); err == nil {
			continue
		}
		all = append(all, w)
	}
	slices.SortFunc(all, func(x, y Waiting) int { return x.Expires.Compare(y.Expires) })
	return all, nil
}

// Find returns the write that waits under a code.
func (a *Approvals) Find(code string, now time.Time) (Waiting, error) {
	path, err := a.path(code, "waiting")
	if err != nil {
		return Waiting{}, err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return Waiting{}, fmt.Errorf("no write waits under %s: %w", code, fs.ErrNotExist)
	}
	var w Waiting
	if err := json.Unmarshal(data, &w); err != nil {
		return Waiting{}, fmt.Errorf("read what waits under %s: %w", code, err)
	}
	if !now.Before(w.Expires) {
		return Waiting{}, fmt.Errorf("the time of %s is over: %w", code, fs.ErrNotExist)
	}
	return w, nil
}

// Decide leaves a person's decision about a write that they were shown. The first
// decision counts.
func (a *Approvals) Decide(w Waiting, approved bool) error {
	path, err := a.path(w.Code, "decided")
	if err != nil {
		return err
	}
	if err := write(path, Decision{w.Hash, approved}); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("%s was decided already", w.Code)
		}
		return fmt.Errorf("decide about %s: %w", w.Code, err)
	}
	return nil
}

// decided returns the decision about a code, or nil while there is none.
func (a *Approvals) decided(code string) (*Decision, error) {
	path, err := a.path(code, "decided")
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the decision: %w", err)
	}
	d := new(Decision)
	if err := json.Unmarshal(data, d); err != nil {
		return nil, fmt.Errorf("read the decision: %w", err)
	}
	return d, nil
}

// drop forgets a code.
func (a *Approvals) drop(code string) {
	for _, kind := range []string{"waiting", "decided"} {
		if path, err := a.path(code, kind); err == nil {
			_ = os.Remove(path) // a file that stays is of a plan that is no more
		}
	}
}
