/* Ends TLS before a server that has none: terminator PORT SERVER-PORT CERTIFICATE KEY CA. The engine that is ClickHouse here
 * listens for HTTP only. Both ports are on 127.0.0.1; who connects must show a certificate signed by CA. A thread for each
 * connection: this is for development and tests. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static SSL_CTX *context;
static int server_port;

static struct sockaddr_in here(int port) {
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons((unsigned short)port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static int send_all(int to, const char *bytes, int count) {
    while (count > 0) {
        ssize_t sent = send(to, bytes, (size_t)count, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return 0;
        bytes += sent;
        count -= (int)sent;
    }
    return 1;
}

/* Both ways until either side ends. Both sockets block, so a slow reader slows the other side, as it should. */
static void carry(SSL *tls, int client, int server) {
    static const int size = 16384;
    char bytes[16384];
    struct pollfd ends[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    for (;;) {
        int count;
        if (!SSL_pending(tls) && poll(ends, 2, -1) < 0) {
            if (errno == EINTR) continue;
            return;
        }
        if (SSL_pending(tls) || ends[0].revents) {
            if ((count = SSL_read(tls, bytes, size)) <= 0 || !send_all(server, bytes, count)) return;
        }
        if (ends[1].revents) {
            if ((count = (int)recv(server, bytes, (size_t)size, 0)) <= 0 || SSL_write(tls, bytes, count) != count) return;
        }
        ends[0].revents = ends[1].revents = 0;
    }
}

static void *serve(void *argument) {
    int client = (int)(long)argument, server = -1;
    struct sockaddr_in address = here(server_port);
    SSL *tls = SSL_new(context);
    if (tls && SSL_set_fd(tls, client) && SSL_accept(tls) == 1) {
        server = socket(AF_INET, SOCK_STREAM, 0);
        if (server >= 0 && !connect(server, (struct sockaddr *)&address, sizeof address)) carry(tls, client, server);
        SSL_shutdown(tls);
    } else {
        ERR_print_errors_fp(stderr);
    }
    if (tls) SSL_free(tls);
    if (server >= 0) close(server);
    close(client);
    return NULL;
}

int main(int argc, char **argv) {
    int listener, on = 1;
    struct sockaddr_in address;
    if (argc != 6) return fprintf(stderr, "usage: %s PORT SERVER-PORT CERTIFICATE KEY CA\n", argv[0]), 2;
    signal(SIGPIPE, SIG_IGN);
    server_port = atoi(argv[2]);
    context = SSL_CTX_new(TLS_server_method());
    if (!context || !SSL_CTX_use_certificate_chain_file(context, argv[3]) ||
        SSL_CTX_use_PrivateKey_file(context, argv[4], SSL_FILETYPE_PEM) != 1 || !SSL_CTX_load_verify_locations(context, argv[5], NULL))
        return ERR_print_errors_fp(stderr), 1;
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    // Without a name of its own OpenSSL refuses a client that comes back with a session.
    SSL_CTX_set_session_id_context(context, (const unsigned char *)"tongguan", 8);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);

    address = here(atoi(argv[1]));
    listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 128))
        return perror("listen"), 1;
    for (;;) {
        pthread_t thread;
        int client = accept(listener, NULL, NULL);
        if (client < 0) continue;
        if (pthread_create(&thread, NULL, serve, (void *)(long)client)) close(client);
        else pthread_detach(thread);
    }
}
