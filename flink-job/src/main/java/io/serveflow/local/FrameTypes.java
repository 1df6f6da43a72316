package io.serveflow.local;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.TypeExtractor;

/** Frames never leave their task: Flink's own POJO type serves. */
final class FrameTypes {

    static final TypeInformation<FrameRecord> FRAME = TypeExtractor.getForClass(FrameRecord.class);

    private FrameTypes() {}
}
