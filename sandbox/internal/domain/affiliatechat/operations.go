package affiliatechat

import (
	"slices"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/affiliate"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// The limits of pages, and of the messages that an app may send for a shop in a
// day.
const (
	maxChatPage    = 50
	maxMessagePage = 20
	maxMessages    = 10_000
)

// newestPeriod is how old the messages are that are asked for as the newest.
const newestPeriod = 60

// chatView is a conversation in answers; callers may want its id only.
type chatView struct {
	Avatar    string `json:"avatar,omitempty"`
	CreatorIM string `json:"creator_im_id,omitempty"`
	ID        string `json:"id,omitempty"`
	Chat      string `json:"conversation_id,omitempty"` // in its creation
	IsNew     *bool  `json:"is_new,omitempty"`          // there, too
	Unread    *int   `json:"unread_count,omitempty"`
	Username  string `json:"username,omitempty"`
}

func (v *chatView) complete(c *gate.Call, t *chat) {
	cr := affiliate.CreatorBy(c.State.World, c.Shop.Region, t.Creator)
	v.Avatar, v.CreatorIM, v.Unread, v.Username = cr.AvatarURL(c), t.CreatorIM, new(t.unread()), cr.Username()
}

// idsOnly reads whether a caller wants no more than ids, which is the default. It
// is a parameter here and a member there.
func idsOnly(c *gate.Call, member *bool) (bool, *gate.Failure) {
	if value, _ := wire.Lookup(c.Query, "only_need_conversation_id"); value != "" {
		return c.Flag("only_need_conversation_id")
	}
	return member == nil || *member, nil
}

// listChats lists the conversations, the one in which somebody wrote last first.
func listChats(c *gate.Call) *gate.Failure {
	var in struct {
		IDsOnly *bool `json:"only_need_conversation_id"`
	}
	asked, f := c.PageOf(1, maxChatPage, 0, gate.CodeInvalidParameter)
	if f != nil {
		return f
	}
	status := "ALL"
	if _, there := wire.Lookup(c.Query, "conversation_status"); there {
		if status, f = c.OneOf("conversation_status", "ALL", "ALL", "UNREAD", "UNREPLIED"); f != nil {
			return f
		}
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	short, f := idsOnly(c, in.IDsOnly)
	if f != nil {
		return f
	}
	if f := c.WithShop(""); f != nil {
		return f
	}
	scope := c.Route.Name + " " + c.Shop.ID + " " + status
	after, f := asked.Cursor(c.State.World.Seed, scope)
	if f != nil {
		return f
	}
	c.Shop.Mu.RLock()
	defer c.Shop.Mu.RUnlock()
	key := func(t *chat) gate.Cursor { return gate.Cursor{At: t.last(), ID: invent.Number(t.ID)} }
	sorted := slices.SortedFunc(slices.Values(Of(c.Shop).Chats), func(a, b *chat) int { return key(a).Compare(key(b)) })
	page, next, _ := gate.Paginate(c, sorted, true, after, asked.Size, key, func(t *chat) bool {
		return status == "ALL" || status == "UNREAD" && t.unread() > 0 || status == "UNREPLIED" && t.unreplied()
	})
	answer := struct {
		Chats []chatView `json:"conversations"`
		More  bool       `json:"has_more"`
		Next  string     `json:"next_page_token"`
	}{[]chatView{}, next != nil, c.PageEnd(next, scope, 0).NextPageToken}
	for _, t := range page {
		v := chatView{ID: t.ID}
		if !short {
			v.complete(c, t)
		}
		answer.Chats = append(answer.Chats, v)
	}
	c.JSON(answer)
	return nil
}

func openChat(c *gate.Call) *gate.Failure {
	return openChatWith(c, func(in *creatorInput) string { return in.OpenID }, "creator_open_id")
}

func openChat202412(c *gate.Call) *gate.Failure {
	return openChatWith(c, func(in *creatorInput) string { return in.UserID }, "creator_id")
}

type creatorInput struct {
	OpenID  string `json:"creator_open_id"`
	UserID  string `json:"creator_id"`
	IDsOnly *bool  `json:"only_need_conversation_id"`
}

// openChatWith opens the conversation with a creator, or returns the one that there
// is.
func openChatWith(c *gate.Call, named func(*creatorInput) string, field string) *gate.Failure {
	var in creatorInput
	if f := c.Decode(&in); f != nil {
		return f
	}
	id := named(&in)
	if id == "" { // the older date leaves it open
		return gate.Missing(field)
	}
	short, f := idsOnly(c, in.IDsOnly)
	if f != nil {
		return f
	}
	if f := c.WithShop(""); f != nil {
		return f
	}
	who, market := findCreator(c.State.World, field == "creator_open_id", id)
	switch market {
	case "":
		return gate.Fail(codeCreatorUnknown, "'", field, "' ", strconv.Quote(id), " is not a creator")
	case c.Shop.Region:
	default:
		return gate.Fail(codeCreatorOtherRegion, "'", field, "' ", id, " is a creator of ", market, ", the shop is in ", c.Shop.Region)
	}
	c.Shop.Mu.Lock()
	defer c.Shop.Mu.Unlock()
	t, isNew := chatWith(c.Shop, who, c.Now.Unix())
	v := chatView{Chat: t.ID, IsNew: &isNew}
	if !short {
		v.complete(c, t)
	}
	c.JSON(v)
	return nil
}

// findCreator finds a creator of any market by open id or by user id, and returns
// the latter and the market, both "" where nobody has the id.
func findCreator(w *world.World, open bool, id string) (userID, market string) {
	for _, s := range w.Shops {
		for _, cr := range affiliate.Creators(w, s.Region) {
			if open && cr.OpenID == id || !open && cr.UserID() == id {
				return cr.UserID(), s.Region
			}
		}
	}
	return "", ""
}

// chatInPath returns the conversation that the path names.
func chatInPath(c *gate.Call) (*chat, *gate.Failure) {
	if t := Of(c.Shop).chat(c.Param(0)); t != nil {
		return t, nil
	}
	return nil, gate.Fail(gate.CodeInvalidParameter, "'conversation_id' ", strconv.Quote(c.Param(0)), " is not a conversation of this shop")
}

type messageView struct {
	Index string      `json:"conversation_index"`
	Body  messageBody `json:"message_body"`
}

type messageBody struct {
	Content string `json:"content"`
	Chat    string `json:"conversation_id"`
	Time    int64  `json:"create_time"`
	ID      string `json:"id"`
	Sender  string `json:"sender_id"`
	Type    string `json:"type"`
}

// listMessages pages through a conversation, the newest message first.
func listMessages(c *gate.Call) *gate.Failure {
	asked, f := c.PageOf(1, maxMessagePage, 0, gate.CodeInvalidParameter)
	if f != nil {
		return f
	}
	t, f := chatInPath(c)
	if f != nil {
		return f
	}
	scope := c.Route.Name + " " + t.ID
	after, f := asked.Cursor(c.State.World.Seed, scope)
	if f != nil {
		return f
	}
	page, next, _ := gate.Paginate(c, invent.Indexed(t.Messages), true, after, asked.Size,
		func(i int) gate.Cursor { return gate.Cursor{ID: invent.Number(t.Messages[i].Index)} }, func(int) bool { return true })
	answer := struct {
		More     bool          `json:"has_more"`
		Messages []messageView `json:"messages"`
		Next     string        `json:"next_page_token"`
	}{next != nil, []messageView{}, c.PageEnd(next, scope, 0).NextPageToken}
	for _, i := range page {
		m := &t.Messages[i]
		answer.Messages = append(answer.Messages, messageView{m.Index, messageBody{m.Content, t.ID, m.Time, m.ID, Of(c.Shop).senderOf(t, m), m.Type}})
	}
	c.JSON(answer)
	return nil
}

// listNewest lists what creators wrote in the last minute and nobody has read, the
// newest first.
func listNewest(c *gate.Call) *gate.Failure {
	type newest struct {
		Content string `json:"content"`
		Chat    string `json:"conversation_id"`
		Sender  string `json:"sender_id"`
		Type    string `json:"type"`
		Unread  int    `json:"unread_message_count"`
		at      gate.Cursor
	}
	list := []newest{}
	for _, t := range Of(c.Shop).Chats {
		for i := t.Read; i < len(t.Messages); i++ {
			if m := &t.Messages[i]; m.Creator && m.Time > c.Now.Unix()-newestPeriod {
				list = append(list, newest{m.Content, t.ID, t.CreatorIM, m.Type, t.unread(), gate.Cursor{At: m.Time, ID: invent.Number(m.Index)}})
			}
		}
	}
	slices.SortFunc(list, func(a, b newest) int { return b.at.Compare(a.at) })
	c.JSON(struct {
		List []newest `json:"newest_message_list"`
	}{list})
	return nil
}

// markRead marks all that there is in some conversations as read, and names those
// that the shop does not have.
func markRead(c *gate.Call) *gate.Failure {
	var in struct {
		IDs []string `json:"conversation_ids"`
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	failed := []string{}
	for _, id := range in.IDs {
		if t := Of(c.Shop).chat(id); t != nil {
			t.Read = len(t.Messages)
		} else {
			failed = append(failed, id)
		}
	}
	c.JSON(struct {
		Failed []string `json:"failed_conversation_ids"`
	}{failed})
	return nil
}
