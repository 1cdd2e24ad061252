package naming

import "strings"

// unchanged are words that end in s and are singular, or have no singular.
var unchanged = map[string]string{
	"goods": "goods", "skus": "sku", "spus": "spu", "gs": "gs", "address": "address", "status": "status", "series": "series", "sns": "sns",
	"analysis": "analysis", "business": "business", "class": "class", "process": "process", "progress": "progress",
	"basis": "basis", "bonus": "bonus", "news": "news", "diagnosis": "diagnosis", "tts": "tts", "ads": "ad",
	"statuses": "status", "diagnoses": "diagnosis", "bases": "basis", "children": "child", "media": "media",
	"people": "person", "data": "data", "logistics": "logistics", "statistics": "statistics",
	"stats": "stats", "metrics": "metric", "dimensions": "dimensions", "sales": "sales", "prerequisites": "prerequisite",
}

// Singular returns the singular of the last word of a snake-case name.
func Singular(name string) string {
	name = strings.TrimSuffix(name, "_list")
	i := strings.LastIndexByte(name, '_') + 1
	word := name[i:]
	if right, ok := misspelled[word]; ok {
		word = right
	}
	return name[:i] + singularWord(word)
}

func singularWord(word string) string {
	if s, ok := unchanged[word]; ok {
		return s
	}
	switch {
	case strings.HasSuffix(word, "ies") && len(word) > 4:
		return word[:len(word)-3] + "y"
	case strings.HasSuffix(word, "sses"), strings.HasSuffix(word, "xes"), strings.HasSuffix(word, "ches"), strings.HasSuffix(word, "shes"):
		return word[:len(word)-2]
	case strings.HasSuffix(word, "ss"), strings.HasSuffix(word, "us"), strings.HasSuffix(word, "is"):
		return word
	case strings.HasSuffix(word, "s") && len(word) > 2:
		return word[:len(word)-1]
	}
	return word
}
