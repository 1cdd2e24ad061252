package mcp

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/ttshop-go/ttshop/catalog"
)

//go:embed guides/*.md
var guideFiles embed.FS

// guides are the guides by name.
func guides() []struct{ name, title string } {
	return []struct{ name, title string }{
		{"ship-orders", "Ship today's orders"}, {"settlements", "Explain a settlement"}, {"not-live", "Why a product is not live"}, {"writes", "How writes are approved"},
	}
}

// resourceRoom is how large a resource may be: it is read on purpose.
const resourceRoom = 6000

const (
	scheme     = "ttshop://"
	operations = scheme + "operation/"
	errorCodes = scheme + "error/"
	states     = scheme + "states/order"
	guideRoot  = scheme + "guide/"
)

// addResources adds what can be read: operations, errors, the states of an order, and
// guides.
func (s *Server) addResources(server *sdk.Server) {
	server.AddResourceTemplate(&sdk.ResourceTemplate{Name: "operation", Title: "An operation", Description: "What an operation takes and answers, such as ttshop://operation/order.GetOrderList", MIMEType: "application/json", URITemplate: operations + "{name}"}, s.readResource)
	server.AddResourceTemplate(&sdk.ResourceTemplate{Name: "error", Title: "An error code", Description: "What a code of the platform means", MIMEType: "application/json", URITemplate: errorCodes + "{code}"}, s.readResource)
	server.AddResource(&sdk.Resource{Name: "order-states", Title: "The states of an order", MIMEType: "application/json", URI: states}, s.readResource)
	for _, g := range guides() {
		server.AddResource(&sdk.Resource{Name: "guide-" + g.name, Title: g.title, MIMEType: "text/markdown", URI: guideRoot + g.name}, s.readResource)
	}
}

// readResource reads a resource. All of them are the same for everybody.
func (s *Server) readResource(_ context.Context, request *sdk.ReadResourceRequest) (*sdk.ReadResourceResult, error) {
	uri := request.Params.URI
	mime := "application/json"
	var data any
	switch {
	case strings.HasPrefix(uri, operations):
		name, err := url.PathUnescape(strings.TrimPrefix(uri, operations))
		if err != nil {
			return nil, sdk.ResourceNotFoundError(uri)
		}
		e, ok := s.catalog.ByName(name)
		if !ok {
			return nil, sdk.ResourceNotFoundError(uri)
		}
		op, err := s.catalog.Explain(e)
		if err != nil {
			return nil, fmt.Errorf("read about %s: %w", e.FullName(), err)
		}
		data = describe(op, "", resourceRoom)
	case strings.HasPrefix(uri, errorCodes):
		number, err := strconv.Atoi(strings.TrimPrefix(uri, errorCodes))
		code, ok := s.catalog.Code(number)
		if err != nil || !ok {
			return nil, sdk.ResourceNotFoundError(uri)
		}
		data = codeData(s.catalog, []catalog.Code{code})[0]
	case uri == states:
		var err error
		if data, err = s.orderStates(); err != nil {
			return nil, err
		}
	case strings.HasPrefix(uri, guideRoot):
		text, err := guideFiles.ReadFile("guides/" + strings.TrimPrefix(uri, guideRoot) + ".md")
		if err != nil {
			return nil, sdk.ResourceNotFoundError(uri)
		}
		return contents(uri, "text/markdown", string(text)), nil
	default:
		return nil, sdk.ResourceNotFoundError(uri)
	}
	b, err := json.Marshal(data)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", uri, err)
	}
	return contents(uri, mime, string(b)), nil
}

func contents(uri, mime, text string) *sdk.ReadResourceResult {
	return &sdk.ReadResourceResult{Contents: []*sdk.ResourceContents{{URI: uri, MIMEType: mime, Text: text}}}
}

// orderStates returns the states of an order and what they mean, from the catalogue.
func (s *Server) orderStates() (any, error) {
	op, err := s.named(opOrders)
	if err != nil {
		return nil, err
	}
	if op, err = s.catalog.Explain(op.Entry); err != nil {
		return nil, err
	}
	f := fieldNamed(op.Body, "order_status")
	if f == nil {
		return nil, fmt.Errorf("the catalogue has no states of orders")
	}
	all := make([]any, 0, len(f.Enum))
	for _, state := range f.Enum {
		one := map[string]any{"state": state}
		if f.Description != nil && f.Description.Values[state] != "" {
			one["means"] = f.Description.Values[state]
		}
		all = append(all, one)
	}
	return map[string]any{"states": all, "order": "UNPAID or ON_HOLD, AWAITING_SHIPMENT, AWAITING_COLLECTION, IN_TRANSIT, DELIVERED, COMPLETED; CANCELLED ends it"}, nil
}
