/* The least a relay can do: read, decrypt, encrypt, send, in one thread on one socket.
 *
 * Input: how many callers, then a line for each: its UDP port, the key it sends with and the key it
 * receives with, in hex. The caller after an even one is its partner. Output: the port to send to.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <srtp2/srtp.h>

enum { BATCH = 64, ROOM = 2048, KEY = 28, LARGEST = ROOM - SRTP_MAX_TRAILER_LEN };

struct caller {
    struct sockaddr_in address;
    srtp_t from, to;
    struct caller *partner;
};

static struct caller *by_port[65536];
static unsigned char data[BATCH][ROOM];

static srtp_t session(const char *hex, srtp_ssrc_type_t direction)
{
    unsigned char key[KEY];
    srtp_policy_t policy;
    srtp_t made;
    for (int n = 0; n < KEY; n++)
        sscanf(hex + 2 * n, "%2hhx", &key[n]);
    memset(&policy, 0, sizeof policy);
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
    policy.ssrc.type = direction;
    policy.key = key;
    policy.window_size = 1024;
    if (srtp_create(&made, &policy) != srtp_err_status_ok)
        exit(2);
    return made;
}

static void forward(int fd)
{
    struct mmsghdr in[BATCH], out[BATCH];
    struct iovec room[BATCH], full[BATCH];
    struct sockaddr_in from[BATCH];
    for (;;) {
        int ready = 0;
        for (int n = 0; n < BATCH; n++) {
            room[n] = (struct iovec){data[n], ROOM};
            in[n].msg_hdr = (struct msghdr){&from[n], sizeof from[n], &room[n], 1, NULL, 0, 0};
        }
        int came = recvmmsg(fd, in, BATCH, MSG_WAITFORONE, NULL);
        for (int n = 0; n < came; n++) {
            struct caller *sender = by_port[ntohs(from[n].sin_port)];
            int length = in[n].msg_len;
            if (!sender || length < 12 || length > LARGEST || data[n][0] >> 6 != 2)
                continue;
            if (srtp_unprotect(sender->from, data[n], &length)
                || srtp_protect(sender->partner->to, data[n], &length))
                continue;
            full[ready] = (struct iovec){data[n], length};
            out[ready].msg_hdr = (struct msghdr){&sender->partner->address,
                sizeof sender->partner->address, &full[ready], 1, NULL, 0, 0};
            ready++;
        }
        for (int sent = 0; sent < ready;) {
            int done = sendmmsg(fd, out + sent, ready - sent, 0);
            sent += done > 0 ? done : 1;
        }
    }
}

int main(int argc, char **argv)
{
    struct sockaddr_in own = {.sin_family = AF_INET};
    socklen_t size = sizeof own;
    int fd = socket(AF_INET, SOCK_DGRAM, 0), buffer = 4 << 20, count, port;
    char sends[2 * KEY + 1], receives[2 * KEY + 1];
    if (argc < 2 || !inet_aton(argv[1], &own.sin_addr) || scanf("%d", &count) != 1)
        return 1;
    srtp_init();
    struct caller *all = calloc(count, sizeof *all);
    for (int n = 0; n < count; n++) {
        if (scanf("%d %56s %56s", &port, sends, receives) != 3)
            return 1;
        all[n].address = (struct sockaddr_in){AF_INET, htons(port), own.sin_addr, {0}};
        all[n].from = session(sends, ssrc_any_inbound);
        all[n].to = session(receives, ssrc_any_outbound);
        all[n].partner = &all[n ^ 1];
        by_port[port] = &all[n];
    }
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    if (bind(fd, (struct sockaddr *)&own, sizeof own) || getsockname(fd, (struct sockaddr *)&own, &size))
        return 1;
    printf("%s %d\n", srtp_get_version_string(), ntohs(own.sin_port));
    fflush(stdout);
    forward(fd);
}
