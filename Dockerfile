# ttshop on nothing else: no shell, no package manager, no root. Build the binaries
# first, since the image only takes them; .ci/image builds and tries them:
#
#	.ci/image
#	docker build -t ttshop .
#	docker run --rm -p 127.0.0.1:8089:8089 ttshop
FROM alpine:3.22 AS certificates
RUN apk add --no-cache ca-certificates

FROM scratch
COPY --from=certificates /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY LICENSE /usr/share/doc/ttshop/copyright
COPY bin/image/ttshop /usr/local/bin/ttshop
COPY bin/image/ttshop-inbox /usr/local/bin/ttshop-inbox
COPY bin/image/ttshop-sync /usr/local/bin/ttshop-sync
ENV PATH=/usr/local/bin
USER 65532:65532
EXPOSE 8089
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["ttshop", "sandbox", "--check", "http://127.0.0.1:8089"]
ENTRYPOINT ["ttshop"]
CMD ["sandbox", "--listen", "0.0.0.0:8089"]
