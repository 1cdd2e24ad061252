package customerservice

import (
	"slices"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
)

// The limits of the pages of conversations and messages, and of the calls that
// an app may make in a day.
const (
	maxConversationPage = 20
	maxMessagePage      = 10
	MaxChatCalls        = 10_000
)

// participant is somebody in a conversation. The two versions call the buyer's
// platform differently.
type participant struct {
	IMUserID      string `json:"im_user_id"`
	UserID        string `json:"user_id,omitempty"`
	Role          string `json:"role"`
	Nickname      string `json:"nickname"`
	Avatar        string `json:"avatar,omitempty"`
	BuyerPlatform string `json:"buyer_platform,omitempty"` // 202309
	Platform      string `json:"platform,omitempty"`       // 202601
}

type messageView struct {
	ID         string      `json:"id"`
	Type       string      `json:"type"`
	Content    string      `json:"content"`
	CreateTime int64       `json:"create_time"`
	Index      string      `json:"index"`
	IsVisible  bool        `json:"is_visible"`
	Sender     participant `json:"sender"`
	Data       string      `json:"data,omitempty"`
}

type conversationView struct {
	ID               string        `json:"id"`
	CreateTime       int64         `json:"create_time"`
	UnreadCount      int           `json:"unread_count"`
	CanSendMessage   *bool         `json:"can_send_message,omitempty"`
	ParticipantCount int           `json:"participant_count"`
	Participants     []participant `json:"participants"`
	LatestMessage    *messageView  `json:"latest_message,omitempty"`
}

// newParticipant describes who has a role in a conversation.
func newParticipant(c *gate.Call, of *conversation, role string) participant {
	p := participant{IMUserID: Of(c.Shop).imOf(of, role), Role: role}
	switch role {
	case chatRoleBuyer:
		p.UserID = of.Buyer
		if who := trade.Of(c.Shop).Buyer(of.Buyer); who != nil {
			p.Nickname, p.Avatar = who.Nickname, media.ImageURL(c, who.Avatar)
		}
	case chatRoleAgent:
		p.Nickname = c.Shop.Name + " service"
	default:
		p.Nickname = c.Shop.Name
	}
	return p
}

func participants(c *gate.Call, of *conversation) []participant {
	list := []participant{newParticipant(c, of, chatRoleBuyer), newParticipant(c, of, chatRoleShop)}
	if of.Joined {
		list = append(list, newParticipant(c, of, chatRoleAgent))
	}
	return list
}

func newMessageView(c *gate.Call, of *conversation, m *chatMessage) messageView {
	sender := newParticipant(c, of, m.Role)
	sender.UserID = ""
	return messageView{
		ID: m.ID, Type: m.Type, Content: m.Content, CreateTime: m.Time, Index: m.Index, IsVisible: m.visible(), Sender: sender,
	}
}

// countChatCall counts a call against the allowance of the day. The documents
// do not say whose allowance it is; here every app has one for each shop and
// operation, and days are those of UTC. The caller holds the lock.
func countChatCall(c *gate.Call) *gate.Failure {
	d := Of(c.Shop)
	if today := c.Now.Unix() / invent.SecondsOfDay; d.Day != today {
		d.Day, d.Calls = today, map[string]int{}
	}
	key := c.App.Key + " " + c.Route.Name
	if d.Calls[key] >= MaxChatCalls {
		return gate.Fail(CodeChatAllowance, "the ", strconv.Itoa(MaxChatCalls), " calls of this day are used up")
	}
	d.Calls[key]++
	return nil
}

// findConversation returns the conversation that the path names. Another code
// can stand for one of another shop.
func findConversation(c *gate.Call, foreign int) (*conversation, *gate.Failure) {
	id := c.Param(0)
	if found := Of(c.Shop).conversation(id); found != nil {
		return found, nil
	}
	if owner := c.State.World.Owners.Of(id); owner != nil && owner != c.Shop {
		return nil, gate.Fail(foreign, "conversation ", id, " belongs to another shop")
	}
	return nil, gate.Fail(codeChatUnknown, "no conversation has the id ", strconv.Quote(id))
}

// getConversations lists the conversations. Their order is not documented; the
// one in which somebody wrote last comes first.
func getConversations(c *gate.Call) *gate.Failure {
	asked, f := c.PageOf(1, maxConversationPage, 0, gate.CodeInvalidParameter)
	if f != nil {
		return f
	}
	scope := "conversations " + c.Shop.ID
	after, f := asked.Cursor(c.State.World.Seed, scope)
	if f != nil {
		return f
	}
	if f := countChatCall(c); f != nil {
		return f
	}
	key := func(of *conversation) gate.Cursor { return gate.Cursor{At: of.last(), ID: invent.Number(of.ID)} }
	sorted := slices.SortedFunc(slices.Values(Of(c.Shop).Conversations), func(a, b *conversation) int { return key(a).Compare(key(b)) })
	page, next, _ := gate.Paginate(c, sorted, true, after, asked.Size, key, func(*conversation) bool { return true })
	answer := struct {
		Conversations []conversationView `json:"conversations"`
		NextPageToken string             `json:"next_page_token"`
	}{Conversations: []conversationView{}}
	for _, of := range page {
		view := conversationView{ID: of.ID, CreateTime: of.Created, UnreadCount: of.unread(), CanSendMessage: new(!of.Ended), Participants: participants(c, of)}
		view.ParticipantCount = len(view.Participants)
		for i := range view.Participants {
			if p := &view.Participants[i]; p.Role == chatRoleBuyer {
				p.BuyerPlatform = "TIKTOK_SHOP"
			}
		}
		if n := len(of.Messages); n > 0 {
			view.LatestMessage = new(newMessageView(c, of, &of.Messages[n-1]))
		}
		answer.Conversations = append(answer.Conversations, view)
	}
	if next != nil {
		answer.NextPageToken = next.Encode(c.State.World.Seed, scope)
	}
	c.JSON(answer)
	return nil
}

func getConversation(c *gate.Call) *gate.Failure {
	if f := c.WithShop(c.Param(0)); f != nil {
		return f
	}
	c.Shop.Mu.RLock()
	defer c.Shop.Mu.RUnlock()
	of, f := findConversation(c, codeChatUnknown)
	if f != nil {
		return f
	}
	view := conversationView{ID: of.ID, CreateTime: of.Created, UnreadCount: of.unread(), Participants: participants(c, of)}
	view.ParticipantCount = len(view.Participants)
	for i := range view.Participants {
		view.Participants[i].Platform = "TIKTOK_SHOP"
	}
	c.JSON(struct {
		Conversation conversationView `json:"conversation"`
	}{view})
	return nil
}

// getMessages pages through a conversation, the newest message first unless
// the caller wants it otherwise. Both sort fields give the same order. What
// need_data adds is not documented; here it is the content once more.
func getMessages(c *gate.Call) *gate.Failure {
	asked, f := c.PageOf(1, maxMessagePage, 0, gate.CodeInvalidParameter)
	if f != nil {
		return f
	}
	order, f := c.OneOf("sort_order", "DESC", "DESC", "ASC")
	if f != nil {
		return f
	}
	needData, f := c.Flag("need_data")
	if f != nil {
		return f
	}
	scope := "messages " + c.Param(0) + " " + order
	after, f := asked.Cursor(c.State.World.Seed, scope)
	if f != nil {
		return f
	}
	if f := countChatCall(c); f != nil {
		return f
	}
	of, f := findConversation(c, codeChatUnknown)
	if f != nil {
		return f
	}
	page, next, _ := gate.Paginate(c, invent.Indexed(of.Messages), order == "DESC", after, asked.Size,
		func(i int) gate.Cursor { return gate.Cursor{At: 0, ID: invent.Number(of.Messages[i].Index)} }, func(int) bool { return true })
	answer := struct {
		Messages      []messageView `json:"messages"`
		NextPageToken string        `json:"next_page_token"`
		Tips          string        `json:"unsupported_msg_tips"`
	}{Messages: []messageView{}}
	for _, i := range page {
		view := newMessageView(c, of, &of.Messages[i])
		if needData {
			view.Data = view.Content
		}
		answer.Messages = append(answer.Messages, view)
	}
	if next != nil {
		answer.NextPageToken = next.Encode(c.State.World.Seed, scope)
	}
	c.JSON(answer)
	return nil
}

func readMessages(c *gate.Call) *gate.Failure {
	if f := countChatCall(c); f != nil {
		return f
	}
	of, f := findConversation(c, codeChatUnknown)
	if f != nil {
		return f
	}
	of.Read = len(of.Messages)
	return nil
}

// createConversation opens a chat with a buyer, or the earlier one again.
func createConversation(c *gate.Call) *gate.Failure {
	var input struct {
		Buyer string `json:"buyer_user_id"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	now := c.Now.Unix()
	of := Of(c.Shop).conversationWith(input.Buyer)
	if of == nil || of.Ended {
		if !mayOpen(c.Shop, input.Buyer, now) {
			return gate.Fail(codeChatNotAllowed, "'buyer_user_id' is nobody who chatted within 30 days, ordered within 60 days or returned something")
		}
		of = openConversation(c.Shop, input.Buyer, now)
	}
	joinConversation(c.Shop, of, now)
	c.JSON(struct {
		ID string `json:"conversation_id"`
	}{of.ID})
	return nil
}

func getAgentSettings(c *gate.Call) *gate.Failure {
	c.JSON(struct {
		CanAcceptChat bool `json:"can_accept_chat"`
	}{Of(c.Shop).Accepts})
	return nil
}

// updateAgentSettings decides whether the next buyer who writes gets an agent.
// Conversations that have one keep it.
func updateAgentSettings(c *gate.Call) *gate.Failure {
	var input struct {
		CanAcceptChat *bool `json:"can_accept_chat"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	if input.CanAcceptChat == nil {
		return gate.Missing("can_accept_chat")
	}
	Of(c.Shop).Accepts = *input.CanAcceptChat
	return nil
}
