package importer

import (
	"encoding/json"
	"fmt"
)

// The part of OpenAPI 3.0 that the official files use: no references, no enums,
// no required members, one success response per operation.
type (
	document struct {
		Paths map[string]map[string]operation `json:"paths"`
	}
	operation struct {
		Summary     string      `json:"summary"`
		Parameters  []parameter `json:"parameters"`
		RequestBody *struct {
			Content map[string]media `json:"content"`
		} `json:"requestBody"`
		Responses map[string]struct {
			Content map[string]media `json:"content"`
		} `json:"responses"`
	}
	parameter struct {
		Name        string `json:"name"`
		In          string `json:"in"`
		Description string `json:"description"`
		Required    bool   `json:"required"`
		Example     any    `json:"example"`
		Schema      schema `json:"schema"`
	}
	media struct {
		Schema schema `json:"schema"`
	}
	schema struct {
		Type        string            `json:"type"`
		Format      string            `json:"format"`
		Description string            `json:"description"`
		Example     any               `json:"example"`
		Items       *schema           `json:"items"`
		Properties  map[string]schema `json:"properties"`
	}
)

func parseDocument(data []byte) (*document, error) {
	doc := new(document)
	if err := json.Unmarshal(data, doc); err != nil {
		return nil, fmt.Errorf("decoding OpenAPI file: %w", err)
	}
	if len(doc.Paths) == 0 {
		return nil, fmt.Errorf("OpenAPI file without paths")
	}
	return doc, nil
}

// example returns the example as text, or "" if there is none or it is not a
// scalar.
func (s *schema) example() string {
	switch v := s.Example.(type) {
	case string:
		return v
	case float64:
		return fmt.Sprintf("%.0f", v)
	}
	return ""
}
