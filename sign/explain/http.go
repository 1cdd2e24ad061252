package explain

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ParseHTTP reads a request from the text of an HTTP request: the request
// line, the header and, after an empty line, the body. Lines end with LF or CRLF.
// With a Content-Length or a chunked body, any bytes after it are ignored; without
// them the body is the rest of the text, except one line end, which editors put
// at the end of files. No error shows the contents of a header.
func ParseHTTP(text []byte) (Request, error) {
	r, err := parseHTTP(text)
	if err != nil {
		return Request{}, fmt.Errorf("explain: HTTP request: %w", err)
	}
	return r, nil
}

func parseHTTP(text []byte) (Request, error) {
	line, rest := nextLine(bytes.TrimLeft(text, "\r\n"))
	words := strings.Fields(line)
	if len(words) < 2 || len(words) > 3 || len(words) == 3 && !strings.HasPrefix(words[2], "HTTP/") {
		return Request{}, errors.New("line 1 is not a request line; one looks like GET /order/202309/orders?… HTTP/1.1")
	}
	r := Request{Method: words[0], URL: words[1]}
	host, length, chunked := "", -1, false
	for number := 2; ; number++ {
		if line, rest = nextLine(rest); line == "" {
			break
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok || name == "" || strings.ContainsAny(name, " \t") {
			return Request{}, fmt.Errorf("line %d is not a header; one looks like Content-Type: application/json", number)
		}
		value = strings.TrimSpace(value)
		switch strings.ToLower(name) {
		case "host":
			host = value
		case "content-length":
			n, err := strconv.Atoi(value)
			if err != nil || n < 0 {
				return Request{}, fmt.Errorf("line %d: Content-Length is not a number", number)
			}
			length = n
		case "transfer-encoding":
			chunked = strings.EqualFold(value, "chunked")
		case "content-encoding":
			if !strings.EqualFold(value, "identity") {
				return Request{}, fmt.Errorf("line %d: the body is compressed; pass it uncompressed", number)
			}
		default:
			r.setHeader(name, value)
		}
	}
	if strings.HasPrefix(r.URL, "/") && host != "" {
		r.URL = "https://" + host + r.URL
	}
	var err error
	r.Body, err = httpBody(rest, length, chunked)
	return r, err
}

// setHeader keeps what an explanation needs from a header.
func (r *Request) setHeader(name, value string) {
	switch strings.ToLower(name) {
	case "content-type":
		r.ContentType = value
	case "x-tts-access-token":
		r.AccessToken = value
	}
}

// nextLine returns the first line of text, without its end, and the rest.
func nextLine(text []byte) (string, []byte) {
	line, rest, _ := bytes.Cut(text, []byte("\n"))
	return string(bytes.TrimSuffix(line, []byte("\r"))), rest
}

func httpBody(rest []byte, length int, chunked bool) ([]byte, error) {
	switch {
	case chunked:
		return unchunk(rest)
	case length > len(rest):
		return nil, fmt.Errorf("the header Content-Length says %d bytes, but the body has %d", length, len(rest))
	case length >= 0:
		return rest[:length], nil
	}
	return bytes.TrimSuffix(bytes.TrimSuffix(rest, []byte("\n")), []byte("\r")), nil
}

// unchunk joins the chunks of a body.
func unchunk(text []byte) ([]byte, error) {
	var body []byte
	for {
		line, rest := nextLine(text)
		digits, _, _ := strings.Cut(line, ";")
		size, err := strconv.ParseUint(strings.TrimSpace(digits), 16, 31)
		if err != nil {
			return nil, errors.New("the body is declared as chunked, but a chunk has no size in hex; leave Transfer-Encoding out if the text holds the plain body")
		}
		if size == 0 {
			return body, nil
		}
		if int(size) > len(rest) {
			return nil, fmt.Errorf("a chunk of the body says %d bytes, but %d follow", size, len(rest))
		}
		body = append(body, rest[:size]...)
		text = bytes.TrimPrefix(bytes.TrimPrefix(rest[size:], []byte("\r")), []byte("\n"))
	}
}
