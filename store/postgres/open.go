package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Errors of Open; callers ask with errors.Is.
var (
	// ErrAddress: the address cannot be understood.
	ErrAddress = errors.New("not an address of a PostgreSQL database; write postgres://user:password@host:5432/database")
	// ErrNewer: another version has laid the tables out.
	ErrNewer = errors.New("the tables were made by a newer newsdigest")
)

// DefaultConns is how many connections an engine has at most, unless the address says
// pool_max_conns.
const DefaultConns = 16

// openWithin is how long Open waits for a server that is just starting.
const openWithin = 10 * time.Second

// keepAlive is how often a silent connection is checked.
const keepAlive = 5 * time.Second

// IsAddress tells whether the name of a store is that of a PostgreSQL database.
func IsAddress(store string) bool {
	return strings.HasPrefix(store, "postgres://") || strings.HasPrefix(store, "postgresql://")
}

// Open opens the store in a database, making its tables if they are missing. The address
// is a URL as libpq has it, with several hosts if there is a standby: the one that takes
// writes is used.
func Open(ctx context.Context, address string) (*Engine, error) {
	config, err := configure(address)
	if err != nil {
		return nil, err
	}
	e := &Engine{where: where(config.ConnConfig), secret: config.ConnConfig.Password, times: usualTimes, line: newLine(), closing: make(chan struct{})}
	e.times.call = openWithin
	// A context that ends would end the pool's connections too.
	if e.pool, err = pgxpool.NewWithConfig(context.WithoutCancel(ctx), config); err != nil {
		return nil, fmt.Errorf("%w: %s", ErrAddress, e.redact(err))
	}
	if err := e.again(ctx, func() error { return e.prepare(ctx) }); err != nil {
		e.pool.Close()
		return nil, err
	}
	e.times.call = usualTimes.call
	return e, nil
}

// Check tells whether an address can be understood: ErrAddress if not.
func Check(address string) error {
	_, err := configure(address)
	return err
}

// configure reads the address. Its errors never quote it.
func configure(address string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(address)
	if err != nil || !IsAddress(address) {
		return nil, ErrAddress
	}
	if !strings.Contains(address, "pool_max_conns=") {
		config.MaxConns = DefaultConns
	}
	c := config.ConnConfig
	if c.ConnectTimeout == 0 || c.ConnectTimeout > usualTimes.answer/2 {
		c.ConnectTimeout = usualTimes.answer / 2 // so that the next host still has its turn
	}
	if c.ValidateConnect == nil {
		c.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	}
	c.DialFunc = (&net.Dialer{KeepAlive: keepAlive}).DialContext
	for name, value := range settings {
		if _, set := c.RuntimeParams[name]; !set {
			c.RuntimeParams[name] = value
		}
	}
	return config, nil
}

// settings are those of each connection, if the address does not have them.
var settings = map[string]string{
	"application_name": "newsdigest",
	// A transaction that reads a table as a whole conflicts with every write, and all that
	// is asked for is in the index. A plan made once is as good as a new one.
	"enable_seqscan":    "off",
	"enable_bitmapscan": "off",
	"plan_cache_mode":   "force_generic_plan",
	"jit":               "off",
	// A process that hangs in the middle of an update must not hold others up.
	"idle_in_transaction_session_timeout": "15s",
}

// where names hosts and database.
func where(c *pgx.ConnConfig) string {
	var hosts []string
	add := func(host string, port uint16) {
		h := net.JoinHostPort(host, strconv.Itoa(int(port)))
		if strings.HasPrefix(host, "/") {
			h = host
		}
		if len(hosts) == 0 || hosts[len(hosts)-1] != h { // with TLS and without are two entries
			hosts = append(hosts, h)
		}
	}
	add(c.Host, c.Port)
	for _, f := range c.Fallbacks {
		add(f.Host, f.Port)
	}
	return strings.Join(hosts, ",") + "/" + c.Database
}

// prepare makes the tables if they are missing, and checks that we know them.
func (e *Engine) prepare(ctx context.Context) error {
	var version int
	err := e.withConn(ctx, func(ctx context.Context, c *pgxpool.Conn) error {
		return pgx.BeginFunc(ctx, c, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, sqlLock, lockTables); err != nil {
				return err
			}
			err := tx.QueryRow(ctx, sqlVersion).Scan(&version)
			if err == nil && version == 0 {
				_, err = tx.Exec(ctx, sqlCreate)
			}
			if err == nil && version <= schemaVersion {
				_, err = tx.Exec(ctx, sqlForget)
			}
			return err
		})
	})
	if version > schemaVersion {
		return fmt.Errorf("%w (layout %d, this one knows %d)", ErrNewer, version, schemaVersion)
	}
	return failed(err)
}
