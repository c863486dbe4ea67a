import java.nio.file.Files;
import org.codelibs.opensearch.runner.OpenSearchRunner;

/** One OpenSearch node in this process, on 127.0.0.1:PORT, until it is stopped. */
public class OneNode {
  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[0]);
    OpenSearchRunner node = new OpenSearchRunner();
    node.setMaxHttpPort(port + 10);
    node.onBuild((number, settings) -> settings.put("discovery.type", "single-node"))
        .build(OpenSearchRunner.newConfigs()
            .clusterName("example")
            .numOfNode(1)
            .basePath(Files.createTempDirectory("opensearch-node").toString())
            .baseHttpPort(port - 1));
    node.ensureYellow();
    System.out.println("ready on port " + port);
    Thread.currentThread().join();
  }
}
