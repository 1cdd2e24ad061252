package explain

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// ParseCurl reads a request from a curl command line, as a shell would parse it.
// It understands the options that affect the request, and skips those that do not.
// Files named as @file are read with open; with a nil open they are an error. The
// body of a form (-F) is unknown, since curl chooses its boundary; it is not
// signed anyway. No error shows the contents of a header or a body.
func ParseCurl(line string, open func(name string) ([]byte, error)) (Request, error) {
	r, err := parseCurl(line, open)
	if err != nil {
		return Request{}, fmt.Errorf("explain: curl command: %w", err)
	}
	return r, nil
}

// curlOptions says whether each option takes a value. It includes those that
// curlRequest handles.
const (
	curlSwitches = ` s silent S show-error k insecure L location v verbose i include g globoff f fail fail-with-body compressed
		N no-buffer 0 http1.0 http1.1 http2 http2-prior-knowledge http3 4 ipv4 6 ipv6 O remote-name J remote-header-name
		path-as-is raw tr-encoding no-keepalive no-progress-meter progress-bar # q disable location-trusted tlsv1.2 tlsv1.3 1
		G get I head `
	curlValues = ` o output w write-out m max-time connect-timeout retry retry-delay retry-max-time x proxy U proxy-user u user
		A user-agent e referer b cookie c cookie-jar cacert capath cert E key resolve connect-to interface limit-rate
		D dump-header trace trace-ascii stderr K config max-redirs ciphers proto y speed-time Y speed-limit
		X request H header d data data-ascii data-raw data-binary data-urlencode json F form form-string url `
)

func curlHas(list, name string) bool {
	return name != "" && slices.Contains(strings.Fields(list), name)
}

// curlRequest is a request being assembled.
type curlRequest struct {
	open    func(name string) ([]byte, error)
	method  string
	url     string
	headers []string // alternating names and values
	data    []byte
	hasData bool
	json    bool
	form    bool
	get     bool // -G
	head    bool // -I
}

func parseCurl(line string, open func(name string) ([]byte, error)) (Request, error) {
	line = strings.TrimPrefix(strings.TrimLeft(line, " \t\r\n"), "$ ")
	words, err := splitShell(line)
	if err != nil {
		return Request{}, err
	}
	if len(words) == 0 || words[0] != "curl" && words[0] != "curl.exe" && !strings.HasSuffix(words[0], "/curl") {
		return Request{}, errors.New("it does not begin with curl")
	}
	c := &curlRequest{open: open}
	if err := c.read(words[1:]); err != nil {
		return Request{}, err
	}
	return c.request()
}

// read parses the arguments.
func (c *curlRequest) read(args []string) error {
	options := true
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		switch {
		case !options || arg == "-" || !strings.HasPrefix(arg, "-"):
			if err := c.set("url", arg); err != nil {
				return err
			}
		case arg == "--":
			options = false
		case strings.HasPrefix(arg, "--"):
			name := arg[2:]
			switch {
			case curlHas(curlSwitches, name) && len(name) > 1:
				if err := c.set(name, ""); err != nil {
					return err
				}
			case curlHas(curlValues, name) && len(name) > 1:
				if len(args) == 0 {
					return fmt.Errorf("option --%s has no value", name)
				}
				if err := c.set(name, args[0]); err != nil {
					return err
				}
				args = args[1:]
			default:
				return fmt.Errorf("option --%s is not known here; leave it out if it does not change the request", name)
			}
		default:
			var err error
			if args, err = c.readShort(arg[1:], args); err != nil {
				return err
			}
		}
	}
	return nil
}

// readShort parses the letters after one dash; the last may be followed by its
// value.
func (c *curlRequest) readShort(letters string, args []string) ([]string, error) {
	for i := range len(letters) {
		name := letters[i : i+1]
		switch {
		case curlHas(curlSwitches, name):
			if err := c.set(name, ""); err != nil {
				return nil, err
			}
			continue
		case !curlHas(curlValues, name):
			return nil, fmt.Errorf("option -%s is not known here; leave it out if it does not change the request", name)
		}
		value := letters[i+1:]
		if value == "" {
			if len(args) == 0 {
				return nil, fmt.Errorf("option -%s has no value", name)
			}
			value, args = args[0], args[1:]
		}
		return args, c.set(name, value)
	}
	return args, nil
}

// set applies one option or, as url, the address.
func (c *curlRequest) set(name, value string) error {
	switch name {
	case "url":
		if c.url != "" {
			return errors.New("it has several URLs; pass one request at a time, and quote URLs")
		}
		c.url = value
	case "X", "request":
		c.method = value
	case "G", "get":
		c.get = true
	case "I", "head":
		c.head = true
	case "H", "header":
		if header, ok := strings.CutPrefix(value, "@"); ok {
			return fmt.Errorf("option -%s names the file %s; insert the headers", name, header)
		}
		key, text, ok := strings.Cut(value, ":")
		if !ok {
			key, text = strings.TrimSuffix(value, ";"), ""
		}
		c.headers = append(c.headers, strings.TrimSpace(key), strings.TrimSpace(text))
	case "d", "data", "data-ascii":
		return c.addData(name, value, "&", func(b []byte) []byte {
			// curl strips line ends and zero bytes from files.
			return slices.DeleteFunc(b, func(x byte) bool { return x == '\n' || x == '\r' || x == 0 })
		})
	case "data-binary":
		return c.addData(name, value, "&", nil)
	case "json":
		c.json = true
		return c.addData(name, value, "", nil)
	case "data-raw":
		c.append([]byte(value), "&")
	case "data-urlencode":
		return c.addEncoded(value)
	case "F", "form", "form-string":
		c.form = true
	}
	return nil
}

func (c *curlRequest) append(data []byte, between string) {
	if c.hasData {
		c.data = append(c.data, between...)
	}
	c.data = append(c.data, data...)
	c.hasData = true
}

func (c *curlRequest) addData(option, value, between string, clean func([]byte) []byte) error {
	name, isFile := strings.CutPrefix(value, "@")
	data := []byte(value)
	if isFile {
		var err error
		if data, err = c.file(option, name); err != nil {
			return err
		}
		if clean != nil {
			data = clean(data)
		}
	}
	c.append(data, between)
	return nil
}

// addEncoded reads the forms of --data-urlencode: content, =content,
// name=content, @file and name@file.
func (c *curlRequest) addEncoded(value string) error {
	at := strings.IndexAny(value, "=@")
	name, content := "", []byte(value)
	if at >= 0 {
		name, content = value[:at], []byte(value[at+1:])
		if value[at] == '@' {
			var err error
			if content, err = c.file("data-urlencode", value[at+1:]); err != nil {
				return err
			}
		}
	}
	// Versions of curl differ in the case of the hex digits.
	text := url.QueryEscape(string(content))
	if name != "" {
		text = name + "=" + text
	}
	c.append([]byte(text), "&")
	return nil
}

func (c *curlRequest) file(option, name string) ([]byte, error) {
	dashes := "--"
	if len(option) == 1 {
		dashes = "-"
	}
	if c.open == nil {
		return nil, fmt.Errorf("option %s%s names the file %s; insert its content, or pass the body separately", dashes, option, name)
	}
	data, err := c.open(name)
	if err != nil {
		return nil, fmt.Errorf("option %s%s: %w", dashes, option, err)
	}
	return slices.Clone(data), nil
}

// request puts the request together as curl does.
func (c *curlRequest) request() (Request, error) {
	if c.url == "" {
		return Request{}, errors.New("it has no URL")
	}
	if c.form && c.hasData {
		return Request{}, errors.New("it has both a form (-F) and data (-d); curl refuses that")
	}
	r := Request{Method: http.MethodGet, URL: c.url}
	if !strings.Contains(r.URL, "://") && !strings.HasPrefix(r.URL, "/") {
		r.URL = "http://" + r.URL
	}
	switch {
	case c.get && c.hasData:
		address, fragment, _ := strings.Cut(r.URL, "#")
		mark := "?"
		if strings.Contains(address, "?") {
			mark = "&"
		}
		r.URL = address + mark + string(c.data)
		if fragment != "" {
			r.URL += "#" + fragment
		}
	case c.json:
		r.Method, r.ContentType, r.Body = http.MethodPost, "application/json", c.data
	case c.hasData:
		r.Method, r.ContentType, r.Body = http.MethodPost, "application/x-www-form-urlencoded", c.data
	case c.form:
		r.Method, r.ContentType = http.MethodPost, "multipart/form-data"
	case c.head:
		r.Method = http.MethodHead
	}
	if c.method != "" {
		r.Method = c.method
	}
	for i := 0; i < len(c.headers); i += 2 {
		r.setHeader(c.headers[i], c.headers[i+1])
	}
	if _, err := url.Parse(r.URL); err != nil {
		return Request{}, errors.New("its URL cannot be read")
	}
	return r, nil
}
