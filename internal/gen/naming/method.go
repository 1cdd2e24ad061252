package naming

import (
	"slices"
	"strings"
)

// A MethodRule says how the names of one domain's operations become names of Go
// methods.
type MethodRule struct {
	// Drop are the words that the name of the package says already, as they are
	// written in titles: Order in package order, Seller in package affiliateseller.
	Drop []string `json:"drop"`
}

// verbs are the words that a method begins with.
var verbs = []string{
	"Activate", "Add", "Apply", "Approve", "Bind", "Calculate", "Cancel", "Check", "Combine", "Complete", "Confirm", "Create",
	"Deactivate", "Deauthorize", "Delete", "Diagnose", "Download", "Edit", "Enable", "End", "Exchange", "Generate", "Get", "Import",
	"Init", "List", "Map", "Mark", "Optimize", "Partial", "Pin", "Post", "Precheck", "Print", "Publish", "Query", "Read",
	"Recommend", "Recover", "Reject", "Remove", "Replicate", "Report", "Republish", "Research", "Reserve", "Resolve", "Review",
	"Schedule", "Search", "Select", "Send", "Set", "Ship", "Split", "Standardize", "Submit", "Sync", "Top", "Uncombine", "Unpin",
	"Update", "Upload", "Validate",
}

// uncountable are nouns that have no plural in the names of methods.
var uncountable = []string{"Content", "Goods", "Info", "Inventory", "Music", "Performance", "Summary"}

// Verb reports whether a method may begin with the first word of name.
func Verb(name string) bool {
	words := splitCamel(name)
	return len(words) > 0 && slices.Contains(verbs, words[0])
}

// Method returns the name of the Go method for an operation. The official name
// loses what the package says, Detail at its end and articles; a list is got by
// List, and by Search where the path is one:
//
//	GetOrderDetail in order              Get
//	GetOrderList at orders/search        Search
//	SellerSearchSampleApplications       SearchSampleApplications
//	GetWarehouseList                     ListWarehouses
func (r MethodRule) Method(official, path string) string {
	words := splitCamel(official)
	for len(words) > 1 && r.drops(words[0]) {
		words = words[1:]
	}
	verb, rest := words[0], words[1:]
	if verb == "Partial" && len(rest) > 0 {
		verb, rest = verb+rest[0], rest[1:]
	}
	for len(rest) > 0 && (rest[0] == "The" || r.drops(rest[0])) {
		rest = rest[1:]
	}
	search := strings.HasSuffix(path, "/search")
	switch last := len(rest) - 1; {
	case verb == "Query" && search:
		verb = "Search"
	case verb == "Query":
		verb = "Get"
	case verb == "Get" && last >= 0 && rest[last] == "List":
		verb, rest = "List", rest[:last]
	}
	if verb == "Get" && search || verb == "List" && search {
		verb = "Search"
	}
	if last := len(rest) - 1; verb == "Get" && last >= 0 && (rest[last] == "Detail" || rest[last] == "Details") {
		rest = rest[:last]
	}
	many := (verb == "Search" || verb == "List") && !slices.ContainsFunc(rest, preposition)
	name := verb
	for i, word := range rest {
		word = capitalise(word)
		if i == len(rest)-1 && many && !slices.Contains(uncountable, word) {
			word = plural(word)
		}
		name += word
	}
	return name + stage(path)
}

func preposition(word string) bool {
	return slices.Contains([]string{"By", "For", "In", "Of", "On", "Via", "With"}, word)
}

// drops reports whether word, or its singular, goes without saying.
func (r MethodRule) drops(word string) bool {
	return slices.Contains(r.Drop, word) || slices.Contains(r.Drop, Exported(Singular(strings.ToLower(word))))
}

// stage returns what a path says of how finished its operation is. Its name says
// it too, so that nobody builds on a trial unawares.
func stage(path string) string {
	switch {
	case strings.Contains(path, "/preview/"):
		return "Preview"
	case strings.Contains(path, "/beta/"):
		return "Beta"
	}
	return ""
}

// plural returns the plural of a word of a Go name; one that is a plural stays.
func plural(word string) string {
	if low := strings.ToLower(word); Singular(low) != low {
		return word
	}
	switch {
	case strings.HasSuffix(word, "s"):
		return word
	case strings.HasSuffix(word, "y") && !strings.HasSuffix(word, "ay") && !strings.HasSuffix(word, "ey"):
		return word[:len(word)-1] + "ies"
	case strings.HasSuffix(word, "x"), strings.HasSuffix(word, "ch"), strings.HasSuffix(word, "sh"):
		return word + "es"
	}
	return word + "s"
}
