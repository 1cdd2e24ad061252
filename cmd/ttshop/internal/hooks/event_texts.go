package hooks

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/answer"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
)

// eventWords say how the events of a topic are shown.
type eventWords struct {
	Short  string   `json:"short"`  // name of the type
	Fields []string `json:"fields"` // paths into the data: the state, and then what tells more
}

// eventTopics are the words of all topics, by name.
type eventTopics map[string]eventWords

//go:embed event_words.json
var eventWordsFile []byte

// eventTexts returns the words of the topics.
var eventTexts = sync.OnceValue(func() eventTopics {
	var topics eventTopics
	if err := json.Unmarshal(eventWordsFile, &topics); err != nil {
		panic("event_words.json: " + err.Error()) // a test reads it
	}
	return topics
})

// eventTold is what an event says.
type eventTold struct{ short, state, rest, summary string }

// told returns what an event of a topic says, apart from when it happened and the
// ids of what it is about. The state comes first.
func (t eventTopics) told(topic string, data json.RawMessage) eventTold {
	words, known := t[topic]
	if !known {
		words.Short = strings.ToLower(strings.ReplaceAll(topic, "_", " "))
	}
	told := eventTold{short: words.Short}
	value, err := field.DecodeJSON(data)
	object, isObject := value.(map[string]any)
	if err != nil || !isObject {
		return told
	}
	var named []string
	add := func(name, text string) {
		if text == "" {
			return
		}
		pair := name + "=" + text
		if named = append(named, pair); len(named) == 1 {
			told.state = text
		}
	}
	listed := make(map[string]bool)
	for _, path := range words.Fields {
		steps, err := field.ParsePath(path)
		if err != nil {
			continue // a test reads all paths
		}
		listed[steps[0].Name] = true
		texts := make([]string, 0, 1)
		for _, at := range field.ValuesAt(object, steps) {
			texts = append(texts, answer.OneLine(at))
		}
		add(nameOf(path), strings.Join(texts, ","))
	}
	for _, name := range unlisted(object, listed) {
		add(name, answer.OneLine(object[name]))
	}
	told.summary = strings.Join(named, " ")
	if len(named) > 1 {
		told.rest = strings.Join(named[1:], " ")
	}
	return told
}

// nameOf returns the name of the field at a path; a plain status or type goes by
// the name of what has it.
func nameOf(path string) string {
	steps := strings.Split(strings.ReplaceAll(path, "[]", ""), ".")
	last := steps[len(steps)-1]
	if len(steps) > 1 && (last == "status" || last == "type") {
		return steps[len(steps)-2]
	}
	return last
}

// unlisted returns the names of the plain members that no list has and that are
// neither ids nor times, a status first.
func unlisted(object map[string]any, listed map[string]bool) []string {
	var names []string
	for name, value := range object {
		switch value.(type) {
		case map[string]any, []any, nil:
			continue
		}
		isMoment := strings.HasSuffix(name, "_time") || strings.HasSuffix(name, "_timestamp") || strings.HasSuffix(name, "_at")
		if !listed[name] && !strings.HasSuffix(name, "_id") && !isMoment {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		return strings.Compare(rank(a)+a, rank(b)+b)
	})
	return names
}

// rank puts the names of a status before others.
func rank(name string) string {
	return fmt.Sprint(!strings.HasSuffix(name, "status"))
}
