package mcp

import (
	"context"
	"fmt"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// prompt is a task that people start by name.
type prompt struct {
	name, title, description, guide string
	arguments                       []*sdk.PromptArgument
	text                            func(args map[string]string) string
}

func prompts() []prompt {
	shop := &sdk.PromptArgument{Name: "shop", Description: "id, code or name; may be left out if there is one"}
	of := func(args map[string]string) string {
		if args["shop"] == "" {
			return ""
		}
		return fmt.Sprintf(" of shop %q", args["shop"])
	}
	return []prompt{
		{"ship_todays_orders", "Ship today's orders", "Go through what has to be shipped today", "ship-orders", []*sdk.PromptArgument{shop},
			func(a map[string]string) string {
				return "Show me the orders" + of(a) + " that have to be shipped today, the most urgent first, and plan their shipping. Ask me before each write."
			}},
		{"explain_settlement", "Explain a settlement", "Say where the money of a statement came from", "settlements", []*sdk.PromptArgument{shop, {Name: "statement", Description: "id of the statement; the newest if left out"}},
			func(a map[string]string) string {
				if a["statement"] == "" {
					return "Explain the newest settlement" + of(a) + ": revenue, fees, shipping, adjustments, and what is unusual."
				}
				return fmt.Sprintf("Explain statement %q%s: revenue, fees, shipping, adjustments, and what is unusual.", a["statement"], of(a))
			}},
		{"why_not_live", "Why is this product not live", "Find out what keeps a product off sale", "not-live", []*sdk.PromptArgument{{Name: "product", Description: "id or seller SKU", Required: true}, shop},
			func(a map[string]string) string {
				return fmt.Sprintf("Find out why product %q%s is not live, and what to do about it. Change nothing.", a["product"], of(a))
			}},
	}
}

// addPrompts adds the tasks.
func (s *Server) addPrompts(server *sdk.Server) {
	for _, p := range prompts() {
		server.AddPrompt(&sdk.Prompt{Name: p.name, Title: p.title, Description: p.description, Arguments: p.arguments}, func(_ context.Context, request *sdk.GetPromptRequest) (*sdk.GetPromptResult, error) {
			args := request.Params.Arguments
			for _, a := range p.arguments {
				if a.Required && args[a.Name] == "" {
					return nil, fmt.Errorf("prompt %s needs the argument %s: %s", p.name, a.Name, a.Description)
				}
			}
			guide, err := guideFiles.ReadFile("guides/" + p.guide + ".md")
			if err != nil {
				return nil, fmt.Errorf("read the guide: %w", err)
			}
			return &sdk.GetPromptResult{Description: p.description, Messages: []*sdk.PromptMessage{
				{Role: "user", Content: &sdk.TextContent{Text: p.text(args) + "\n\n" + string(guide)}},
			}}, nil
		})
	}
}
