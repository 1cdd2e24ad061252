package apigen

import (
	"regexp"
	"slices"
	"strings"
)

// Check returns the operation that reads what a write changes, so
// that a caller who got no answer can find out. It is read off the paths:
//
//   - below a thing that the path names by a parameter, the GET of the thing;
//   - where only verbs follow the thing or its collection, the search or the list
//     of the collection.
//
// If that finds nothing it is nil: no advice is better than bad advice.
func (op *Operation) Check() *Operation {
	if !op.Write || slices.ContainsFunc(strings.Split(op.Path, "/"), makesSomethingElse) {
		return nil
	}
	segments := strings.Split(undated(op.Path), "/")
	onlyVerbs := true
	named := slices.ContainsFunc(segments, isParameter)
	for n := len(segments); n > 2; n-- {
		last := segments[n-1]
		if !isVerb(last) || isParameter(last) {
			if read := op.Domain.reading(strings.Join(segments[:n], "/")); read != nil {
				return read
			}
		}
		switch {
		case isVerb(last):
		case isParameter(last) && onlyVerbs:
			named = false // up to the collection
		case !named || isParameter(last):
			return nil
		default:
			onlyVerbs = false
		}
	}
	return nil
}

// makesSomethingElse reports whether a path segment says that the call makes a
// thing which reading the path's thing does not show.
func makesSomethingElse(segment string) bool {
	return strings.HasPrefix(segment, "generate") || segment == "upload" || segment == "diagnose_optimize"
}

func isParameter(segment string) bool { return strings.HasPrefix(segment, "{") }

func isVerb(segment string) bool {
	return slices.Contains(pathVerbs, segment) || slices.Contains([]string{"cancel", "cancel_ship", "custom", "reserve_ship"}, segment)
}

var date = regexp.MustCompile(`/\d{6}/`)

func undated(path string) string { return date.ReplaceAllString(path, "/") }

// reading returns the newest operation that reads the thing at an undated path.
func (d *Domain) reading(path string) *Operation {
	var newest *Operation
	for _, op := range d.Operations {
		at := undated(op.Path)
		if op.Write || !(at == path && op.Method == "GET" || at == path+"/search") {
			continue
		}
		if newest == nil || op.Version > newest.Version {
			newest = op
		}
	}
	return newest
}
