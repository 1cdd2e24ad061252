package ttshop

import (
	"cmp"
	"context"
	"log/slog"
	"time"
)

// Hooks observe what a client does, for traces and metrics. Every field may be
// nil. They are called on the goroutine of the call and should be quick. What
// they receive holds no secret and no URL.
type Hooks struct {
	// CallStart is called before anything is done for a call. The context that
	// it returns is used from then on.
	CallStart func(context.Context, CallInfo) context.Context
	// TryStart is called right before a try is sent, after the wait for its
	// turn. The context that it returns is used to send it.
	TryStart func(context.Context, TryInfo) context.Context
	// TryEnd is called with how a try went.
	TryEnd func(context.Context, TryResult)
	// CallEnd is called with how the call went.
	CallEnd func(context.Context, CallResult)
}

// CallInfo identifies a call.
type CallInfo struct {
	// Operation is the name of the operation, such as order.GetOrderList, or
	// method and path with {} for ids. Its cardinality is low.
	Operation string
	Method    string   // HTTP method
	Path      string   // template of the path, with names in braces or {} for ids
	Host      string   // scheme and host of the endpoint
	Shop      string   // cipher of the shop or the category asset; empty if there is none
	ShopID    string   // as [Client.WithShopID] says; empty if unknown
	Write     bool     // it changes something
	Priority  Priority // among waiting calls
}

// ShopName returns what metrics and logs name the shop by: its id, or its cipher
// where the id is unknown.
func (c CallInfo) ShopName() string { return cmp.Or(c.ShopID, c.Shop) }

// TryInfo identifies a try.
type TryInfo struct {
	CallInfo
	Try int // from 1
	// Wait is the time between the previous try, or the start of the call, and
	// this try: backoff and pacing.
	Wait time.Duration
	// TokenExpires is when the access token expires; zero if unknown.
	TokenExpires time.Time
	// RequestBytes is the length of the body; -1 if unknown.
	RequestBytes int64
}

// TryResult is how a try went.
type TryResult struct {
	TryInfo
	Duration      time.Duration
	HTTPStatus    int    // 0 if there was no answer
	Code          int    // the platform's code; 0 for success or without an envelope
	RequestID     string // the platform's id of the call
	ResponseBytes int64
	Err           error // nil if the try succeeded
}

// CallResult is how a call went.
type CallResult struct {
	CallInfo
	Duration   time.Duration // including all waits
	Wait       time.Duration // the part of Duration spent on backoff and pacing
	Tries      int
	HTTPStatus int    // of the last answer; 0 if there was none
	Code       int    // of the last answer
	RequestID  string // of the last answer
	Err        error
}

// info describes the call to hooks and logs.
func (c *Client) info(k *call) CallInfo {
	return CallInfo{
		Operation: k.limit.Operation, Method: k.method, Path: k.pattern, Host: c.endpoint,
		Shop: k.limit.Shop, ShopID: c.shopID, Write: k.write, Priority: k.priority,
	}
}

func (c *Client) tryInfo(k *call, token Token) TryInfo {
	info := TryInfo{CallInfo: c.info(k), Try: k.meta.Tries + 1, Wait: k.wait, TokenExpires: token.AccessTokenExpiresAt, RequestBytes: int64(len(k.json))}
	switch {
	case k.stream != nil:
		info.RequestBytes = k.stream.length
	case k.form != nil:
		info.RequestBytes = -1
	}
	return info
}

// observed carries out a call and reports it to hooks and logger.
func (c *Client) observed(ctx context.Context, k *call) error {
	start := time.Now()
	info := c.info(k)
	for _, h := range c.hooks {
		if h.CallStart != nil {
			ctx = h.CallStart(ctx, info)
		}
	}
	err := c.run(ctx, k)
	result := CallResult{
		CallInfo: info, Duration: time.Since(start), Wait: k.waited, Tries: k.meta.Tries,
		HTTPStatus: k.meta.HTTPStatus, Code: k.code, RequestID: k.meta.RequestID, Err: err,
	}
	for _, h := range c.hooks {
		if h.CallEnd != nil {
			h.CallEnd(ctx, result)
		}
	}
	c.logCall(ctx, result)
	return err
}

// observedTry sends a try and reports it to the hooks.
func (c *Client) observedTry(ctx context.Context, k *call, token Token) error {
	info := c.tryInfo(k, token)
	for _, h := range c.hooks {
		if h.TryStart != nil {
			ctx = h.TryStart(ctx, info)
		}
	}
	start := time.Now()
	err := c.try(ctx, k, token)
	result := TryResult{
		TryInfo: info, Duration: time.Since(start), HTTPStatus: k.meta.HTTPStatus, Code: k.code,
		RequestID: k.meta.RequestID, ResponseBytes: int64(len(k.meta.Raw)), Err: err,
	}
	for _, h := range c.hooks {
		if h.TryEnd != nil {
			h.TryEnd(ctx, result)
		}
	}
	c.logTry(ctx, result)
	return err
}

// logCall writes one record per call, without the URL and with no secret.
func (c *Client) logCall(ctx context.Context, r CallResult) {
	level, text := slog.LevelDebug, "call"
	if r.Err != nil {
		level, text = slog.LevelWarn, "call failed"
	}
	if c.logger == nil || !c.logger.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("operation", r.Operation), slog.String("shop", r.ShopName()), slog.Int("tries", r.Tries),
		slog.Duration("wait", r.Wait), slog.Duration("duration", r.Duration), slog.Int("status", r.HTTPStatus),
		slog.Int("code", r.Code), slog.String("request_id", r.RequestID),
	}
	if r.Err != nil {
		attrs = append(attrs, slog.String("error", r.Err.Error()))
	}
	c.logger.LogAttrs(ctx, level, text, attrs...)
}

// logTry writes one record per try.
func (c *Client) logTry(ctx context.Context, r TryResult) {
	if c.logger == nil || !c.logger.Enabled(ctx, slog.LevelDebug) {
		return
	}
	attrs := []slog.Attr{
		slog.String("operation", r.Operation), slog.String("shop", r.ShopName()), slog.Int("try", r.Try),
		slog.Duration("wait", r.Wait), slog.Duration("duration", r.Duration), slog.Int("status", r.HTTPStatus),
		slog.Int("code", r.Code), slog.String("request_id", r.RequestID),
		slog.Int64("request_bytes", r.RequestBytes), slog.Int64("response_bytes", r.ResponseBytes),
	}
	if r.Err != nil {
		attrs = append(attrs, slog.String("error", r.Err.Error()))
	}
	c.logger.LogAttrs(ctx, slog.LevelDebug, "try", attrs...)
}
