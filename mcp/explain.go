package mcp

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/ask"
)

// explainError answers the tool of this name.
func (s *Server) explainError(_ context.Context, c *call) (*reply, error) {
	var args struct{ Error string }
	if err := c.args(&args); err != nil {
		return nil, err
	}
	var codes []catalog.Code
	for word := range strings.FieldsFuncSeq(args.Error, func(r rune) bool { return r < '0' || r > '9' }) {
		if number, err := strconv.Atoi(word); err == nil {
			if code, ok := s.catalog.Code(number); ok {
				codes = append(codes, code)
				break
			}
		}
	}
	if codes == nil {
		codes = ask.Codes(s.catalog, args.Error)
		codes = codes[:min(3, len(codes))]
	}
	if len(codes) == 0 {
		return &reply{text: "No known code fits; the message itself may say what is wrong.", data: map[string]any{"codes": []any{}}}, nil
	}
	data := map[string]any{"codes": codeData(s.catalog, codes)}
	small, omitted := shrink(data, maxTokens-150)
	out := object(small)
	if omitted != nil {
		out["omitted"] = omitted
	}
	return &reply{text: codes[0].Meaning + " " + codes[0].Fix, data: out}, nil
}

// codeData returns what is known of codes.
func codeData(known *catalog.Catalog, codes []catalog.Code) []any {
	all := make([]any, len(codes))
	for i, code := range codes {
		one := map[string]any{"code": code.Code, "class": string(code.Class), "meaning": code.Meaning, "fix": code.Fix, "retry": string(code.Retry), "area": code.Area}
		var variants []any
		for _, v := range code.Variants {
			variants = append(variants, map[string]any{"when": v.When, "fix": v.Fix})
		}
		if variants != nil {
			one["variants"] = variants
		}
		if entries, err := known.CodeOperations(code.Code); err == nil && len(entries) > 0 {
			var names []any
			for _, e := range entries[:min(5, len(entries))] {
				names = append(names, e.FullName())
			}
			one["listed_by"] = names
		}
		all[i] = one
	}
	return all
}

// explainSignature answers the tool of this name.
func (s *Server) explainSignature(ctx context.Context, c *call) (*reply, error) {
	var args struct{ Request string }
	if err := c.args(&args); err != nil {
		return nil, err
	}
	report, err := s.config.ExplainSignature(ctx, args.Request)
	if err != nil {
		return nil, &Failure{Class: "arguments", Message: clean(err.Error()), Next: "paste the whole request: method, address, headers, body"}
	}
	b, err := json.Marshal(report)
	if err != nil {
		return nil, fmt.Errorf("encode the report: %w", err)
	}
	var data map[string]any
	if err := decode(b, &data); err != nil {
		return nil, fmt.Errorf("encode the report: %w", err)
	}
	words := str(data["summary"])
	small, omitted := shrink(prune(data), maxTokens-200)
	out := object(small)
	if omitted != nil {
		out["omitted"] = omitted
	}
	return &reply{text: shorten(words, 300), data: map[string]any{"report": out}}, nil
}
