package postgres

import (
	"encoding/binary"
	"io"
	"net"
	"sync"
	"testing"
)

// harm is what a proxy does with a round of messages, those up to a Sync or a simple query.
type harm uint8

const (
	pass        harm = iota
	cutBefore        // the server sees nothing of it
	cutWithin        // the server sees all but its end, which has it do nothing before it waits in vain
	cutAfter         // the server sees it and does it; its answer is lost
	cutInAnswer      // the client sees the beginning of the answer
	harmEnd
)

func (h harm) String() string {
	return [...]string{"pass", "cut before", "cut within", "cut after", "cut in the answer"}[h]
}

// proxy stands between the client and the server, and cuts connections at the messages that it is told.
type proxy struct {
	listener net.Listener

	mu     sync.Mutex
	target string
	left   int // rounds until one is harmed; below 0: none is
	what   harm
	hit    bool
	rounds int
	open   map[net.Conn]bool
}

func newProxy(t testing.TB, target string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: l, target: target, left: -1, open: map[net.Conn]bool{}}
	t.Cleanup(func() { l.Close(); p.cutAll() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.serve(c)
		}
	}()
	return p
}

// arm has the n-th round from now on harmed, from 0.
func (p *proxy) arm(n int, what harm) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left, p.what, p.hit, p.rounds = n, what, false, 0
}

// was tells whether a round was harmed, and how many there were.
func (p *proxy) was() (bool, int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.hit, p.rounds
}

func (p *proxy) cutAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.open {
		c.Close()
	}
}

func (p *proxy) next() harm {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rounds++
	if p.left < 0 {
		return pass
	}
	if p.left--; p.left >= 0 {
		return pass
	}
	p.hit = true
	return p.what
}

func (p *proxy) serve(client net.Conn) {
	p.mu.Lock()
	target := p.target
	p.mu.Unlock()
	server, err := net.Dial("tcp", target)
	if err != nil {
		client.Close()
		return
	}
	p.mu.Lock()
	p.open[client], p.open[server] = true, true
	p.mu.Unlock()
	defer func() {
		client.Close()
		server.Close()
		p.mu.Lock()
		delete(p.open, client)
		delete(p.open, server)
		p.mu.Unlock()
	}()
	var mu sync.Mutex
	now := pass // what is done with the answers
	go func() {
		defer client.Close()
		for {
			m, err := message(server, true)
			if err != nil {
				return
			}
			mu.Lock()
			h := now
			mu.Unlock()
			switch {
			case h == cutAfter && m[0] != 'Z': // the answer is lost
				continue
			case h == cutAfter:
				return
			}
			if _, err := client.Write(m); err != nil || h == cutInAnswer {
				return
			}
		}
	}()
	first, err := message(client, false) // the start-up has no type
	if err != nil {
		return
	}
	if _, err := server.Write(first); err != nil {
		return
	}
	var round []byte
	for {
		m, err := message(client, true)
		if err != nil {
			return
		}
		round = append(round, m...)
		if m[0] != 'S' && m[0] != 'Q' && m[0] != 'X' && m[0] != 'c' && m[0] != 'd' {
			continue
		}
		h := pass
		if m[0] == 'S' || m[0] == 'Q' {
			h = p.next()
		}
		switch h {
		case cutBefore:
			return
		case cutWithin:
			_, _ = server.Write(round[:len(round)-3])
			return
		}
		mu.Lock()
		now = h
		mu.Unlock()
		if _, err := server.Write(round); err != nil {
			return
		}
		round = round[:0]
	}
}

// message reads a message: its type, where it has one, its length, and the rest.
func message(r io.Reader, typed bool) ([]byte, error) {
	head := make([]byte, 4, 64)
	if typed {
		head = make([]byte, 5, 64)
	}
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, err
	}
	n := int(binary.BigEndian.Uint32(head[len(head)-4:])) - 4
	m := append(head, make([]byte, n)...)
	_, err := io.ReadFull(r, m[len(head):])
	return m, err
}
