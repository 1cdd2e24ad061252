package pages

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/customerservice"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

type conversationsData struct {
	Shops []webShop
	Shop  world.Identity
	Page  webPage
	Rows  []conversationRow
}

type conversationRow struct {
	customerservice.ChatSummary
	Says string // the last message
}

func (s *Site) conversationsView(r *http.Request) view {
	query := r.URL.Query()
	shop, shops := s.chosenShop(r.FormValue("shop"))
	if shop == nil {
		return notFound("No shop has this id.")
	}
	data := conversationsData{Shops: shops, Shop: shop.Identity}
	shop.Mu.RLock()
	chats := customerservice.Chats(shop)
	shop.Mu.RUnlock()
	var from, to int
	from, to, data.Page = pageOf(len(chats), query.Get("page"), func(page string) string {
		return webLink("conversations", "shop", query.Get("shop"), "page", page)
	})
	for _, c := range chats[from:to] {
		row := conversationRow{ChatSummary: c}
		if n := len(c.Messages); n > 0 {
			row.Says = c.Messages[n-1].Text
		}
		data.Rows = append(data.Rows, row)
	}
	return view{template: "conversations", title: "Conversations of " + shop.Name, data: data}
}

// beginConversation lets a buyer turn to the shop.
func (s *Site) beginConversation(r *http.Request) (string, error) {
	text := strings.TrimSpace(r.PostFormValue("text"))
	if text == "" {
		return "", errors.New("write what the buyer says")
	}
	answer, err := s.steer(r, http.MethodPost, "conversations", map[string]string{"shop_id": r.PostFormValue("shop"), "text": text})
	if err != nil {
		return "", err
	}
	var begun struct {
		ID string `json:"conversation_id"`
	}
	if err := json.Unmarshal(answer, &begun); err != nil {
		return "", fmt.Errorf("reading the new conversation: %w", err)
	}
	return webLink("conversations/"+begun.ID, "done", "said"), nil
}

type conversationData struct {
	customerservice.ChatSummary
	Shop world.Identity
}

func (s *Site) conversationView(r *http.Request) view {
	id := r.PathValue("id")
	shop := s.State.Load().World.Owners.Of(id)
	if shop == nil {
		return notFound("No conversation has this id.")
	}
	shop.Mu.RLock()
	chat, ok := customerservice.Chat(shop, id)
	shop.Mu.RUnlock()
	if !ok {
		return notFound("No conversation has this id.")
	}
	title := "Conversation " + id
	if chat.Buyer != "" {
		title = "Conversation with " + chat.Buyer
	}
	return view{template: "conversation", title: title, data: conversationData{chat, shop.Identity}}
}

// changeConversation writes as the buyer, or lets the buyer leave.
func (s *Site) changeConversation(r *http.Request) (string, error) {
	path := "conversations/" + pathSegment(r.PathValue("id"))
	switch r.PostFormValue("action") {
	case "say":
		text := strings.TrimSpace(r.PostFormValue("text"))
		if text == "" {
			return "", errors.New("write what the buyer says")
		}
		_, err := s.steer(r, http.MethodPost, path+"/messages", map[string]string{"text": text})
		return webLink(path, "done", "said"), err
	case "end":
		_, err := s.steer(r, http.MethodPost, path+"/end", struct{}{})
		return webLink(path, "done", "left"), err
	}
	return "", errors.New("the form says nothing to do")
}
