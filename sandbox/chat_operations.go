package sandbox

import (
	"slices"
	"strconv"
)

// The limits of the pages of conversations and messages, and of the calls that
// an app may make in a day.
const (
	maxConversationPage = 20
	maxMessagePage      = 10
	maxChatCalls        = 10_000
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
func newParticipant(c *call, of *conversation, role string) participant {
	p := participant{IMUserID: deskOf(c.shop).imOf(of, role), Role: role}
	switch role {
	case chatRoleBuyer:
		p.UserID = of.Buyer
		if who := tradeOf(c.shop).buyer(of.Buyer); who != nil {
			p.Nickname, p.Avatar = who.Nickname, imageURL(c, who.Avatar)
		}
	case chatRoleAgent:
		p.Nickname = c.shop.Name + " service"
	default:
		p.Nickname = c.shop.Name
	}
	return p
}

func participants(c *call, of *conversation) []participant {
	list := []participant{newParticipant(c, of, chatRoleBuyer), newParticipant(c, of, chatRoleShop)}
	if of.Joined {
		list = append(list, newParticipant(c, of, chatRoleAgent))
	}
	return list
}

func newMessageView(c *call, of *conversation, m *chatMessage) messageView {
	sender := newParticipant(c, of, m.Role)
	sender.UserID = ""
	return messageView{
		ID: m.ID, Type: m.Type, Content: m.Content, CreateTime: m.Time, Index: m.Index, IsVisible: m.visible(), Sender: sender,
	}
}

// countChatCall counts a call against the allowance of the day. The documents
// do not say whose allowance it is; here every app has one for each shop and
// operation, and days are those of UTC. The caller holds the lock.
func countChatCall(c *call) *failure {
	d := deskOf(c.shop)
	if today := c.now.Unix() / secondsOfDay; d.Day != today {
		d.Day, d.Calls = today, map[string]int{}
	}
	key := c.app.Key + " " + c.route.name
	if d.Calls[key] >= maxChatCalls {
		return fail(codeChatAllowance, "the ", strconv.Itoa(maxChatCalls), " calls of this day are used up")
	}
	d.Calls[key]++
	return nil
}

// findConversation returns the conversation that the path names. Another code
// can stand for one of another shop.
func findConversation(c *call, foreign int) (*conversation, *failure) {
	id := c.param(0)
	if found := deskOf(c.shop).conversation(id); found != nil {
		return found, nil
	}
	if owner := c.state.world.owners.of(id); owner != nil && owner != c.shop {
		return nil, fail(foreign, "conversation ", id, " belongs to another shop")
	}
	return nil, fail(codeChatUnknown, "no conversation has the id ", strconv.Quote(id))
}

// getConversations lists the conversations. Their order is not documented; the
// one in which somebody wrote last comes first.
func getConversations(c *call) *failure {
	asked, f := c.pageOf(1, maxConversationPage, 0, codeInvalidParameter)
	if f != nil {
		return f
	}
	scope := "conversations " + c.shop.ID
	after, f := asked.cursor(c.state.world.seed, scope)
	if f != nil {
		return f
	}
	c.shop.mu.Lock()
	defer c.shop.mu.Unlock()
	if f := countChatCall(c); f != nil {
		return f
	}
	key := func(of *conversation) cursor { return cursor{of.last(), number(of.ID)} }
	sorted := slices.SortedFunc(slices.Values(deskOf(c.shop).Conversations), func(a, b *conversation) int { return key(a).compare(key(b)) })
	page, next, _ := paginate(sorted, true, after, asked.size, key, func(*conversation) bool { return true })
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
		answer.NextPageToken = next.encode(c.state.world.seed, scope)
	}
	c.json(answer)
	return nil
}

func getConversation(c *call) *failure {
	if f := c.withShop(c.param(0)); f != nil {
		return f
	}
	c.shop.mu.RLock()
	defer c.shop.mu.RUnlock()
	of, f := findConversation(c, codeChatUnknown)
	if f != nil {
		return f
	}
	view := conversationView{ID: of.ID, CreateTime: of.Created, UnreadCount: of.unread(), Participants: participants(c, of)}
	view.ParticipantCount = len(view.Participants)
	for i := range view.Participants {
		view.Participants[i].Platform = "TIKTOK_SHOP"
	}
	c.json(struct {
		Conversation conversationView `json:"conversation"`
	}{view})
	return nil
}

// getMessages pages through a conversation, the newest message first unless
// the caller wants it otherwise. Both sort fields give the same order. What
// need_data adds is not documented; here it is the content once more.
func getMessages(c *call) *failure {
	asked, f := c.pageOf(1, maxMessagePage, 0, codeInvalidParameter)
	if f != nil {
		return f
	}
	order, f := c.oneOf("sort_order", "DESC", "DESC", "ASC")
	if f != nil {
		return f
	}
	needData, f := c.flag("need_data")
	if f != nil {
		return f
	}
	scope := "messages " + c.param(0) + " " + order
	after, f := asked.cursor(c.state.world.seed, scope)
	if f != nil {
		return f
	}
	c.shop.mu.Lock()
	defer c.shop.mu.Unlock()
	if f := countChatCall(c); f != nil {
		return f
	}
	of, f := findConversation(c, codeChatUnknown)
	if f != nil {
		return f
	}
	page, next, _ := paginate(indexed(of.Messages), order == "DESC", after, asked.size,
		func(i int) cursor { return cursor{0, number(of.Messages[i].Index)} }, func(int) bool { return true })
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
		answer.NextPageToken = next.encode(c.state.world.seed, scope)
	}
	c.json(answer)
	return nil
}

func readMessages(c *call) *failure {
	c.shop.mu.Lock()
	defer c.shop.mu.Unlock()
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
func createConversation(c *call) *failure {
	var input struct {
		Buyer string `json:"buyer_user_id"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	now := c.now.Unix()
	c.shop.mu.Lock()
	defer c.shop.mu.Unlock()
	of := deskOf(c.shop).conversationWith(input.Buyer)
	if of == nil || of.Ended {
		if !mayOpen(c.shop, input.Buyer, now) {
			return fail(codeChatNotAllowed, "'buyer_user_id' is nobody who chatted within 30 days, ordered within 60 days or returned something")
		}
		of = openConversation(c.shop, input.Buyer, now)
	}
	joinConversation(c.shop, of, now)
	c.json(struct {
		ID string `json:"conversation_id"`
	}{of.ID})
	return nil
}

func getAgentSettings(c *call) *failure {
	c.shop.mu.RLock()
	defer c.shop.mu.RUnlock()
	c.json(struct {
		CanAcceptChat bool `json:"can_accept_chat"`
	}{deskOf(c.shop).Accepts})
	return nil
}

// updateAgentSettings decides whether the next buyer who writes gets an agent.
// Conversations that have one keep it.
func updateAgentSettings(c *call) *failure {
	var input struct {
		CanAcceptChat *bool `json:"can_accept_chat"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	if input.CanAcceptChat == nil {
		return missing("can_accept_chat")
	}
	c.shop.mu.Lock()
	defer c.shop.mu.Unlock()
	deskOf(c.shop).Accepts = *input.CanAcceptChat
	return nil
}
