package hooks

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// readEventType returns the type for a number or a topic's name, in any case and
// also with dashes.
func readEventType(text string) (event.Type, error) {
	name := strings.ToUpper(strings.ReplaceAll(text, "-", "_"))
	if t, ok := event.TypeByName(name); ok {
		return t, nil
	}
	if n, err := strconv.Atoi(text); err == nil && event.Type(n).Known() {
		return event.Type(n), nil
	}
	return 0, console.Usagef("there is no event %q; ttshop trigger --list shows all%s", text, console.DidYouMean(closeTopics(name)))
}

// closeTopics returns the topics that a mistyped name may have meant: those that
// are close, or else those that share its words.
func closeTopics(name string) []string {
	names := topicNames()
	if near := console.Closest(name, names); len(near) > 0 || len(name) < 3 {
		return near
	}
	var found []string
	for _, topic := range names {
		if len(found) < 3 && strings.Contains(topic, name) {
			found = append(found, topic)
		}
	}
	return found
}

// readEventTypes returns the types that words name, each of them a
// comma-separated list, in ascending order; nil for none.
func readEventTypes(words []string) ([]event.Type, error) {
	var types []event.Type
	for _, word := range words {
		for part := range strings.SplitSeq(word, ",") {
			t, err := readEventType(strings.TrimSpace(part))
			if err != nil {
				return nil, err
			}
			types = append(types, t)
		}
	}
	slices.Sort(types)
	return slices.Compact(types), nil
}

// topicNames returns the platform's names of all topics.
func topicNames() []string {
	var names []string
	for _, t := range event.Types() {
		names = append(names, t.String())
	}
	return names
}

// topicList returns the names of types for a sentence.
func topicList(types []event.Type) string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = t.String()
	}
	return strings.Join(names, ", ")
}

// subscribable returns those of the types (of all types, if none are given) that
// a shop can have an address of its own for.
func subscribable(types []event.Type) []event.Type {
	if types == nil {
		types = event.Types()
	}
	return slices.DeleteFunc(slices.Clone(types), func(t event.Type) bool { return !t.Subscribable() })
}

// topicLines returns the topics for completion, each with a line about it.
func topicLines(types []event.Type) []string {
	types = slices.SortedFunc(slices.Values(types), func(a, b event.Type) int { return cmp.Compare(a.String(), b.String()) })
	lines := make([]string, len(types))
	for i, t := range types {
		lines[i] = t.String() + "\t" + t.Summary()
	}
	return lines
}

// completeTopic completes the first argument by the topics.
func completeTopic(types func() []event.Type) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return topicLines(types()), cobra.ShellCompDirectiveNoFileComp
	}
}

// completeTopics completes the value of a flag that takes several topics.
func completeTopics(cmd *cobra.Command, flag string) {
	_ = cmd.RegisterFlagCompletionFunc(flag, func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		return field.CompleteLast(typed, topicNames()), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}) // the flag exists
}
